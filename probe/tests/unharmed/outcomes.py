"""Outcome of every test of a suite on both sides, and what differs between them for sure.

A suite runs once on each side. Tests whose outcome differs make the suite run again on both sides, up to `ROUNDS` times in all; a test counts as
different only if it came out one way in all bare runs and another way in all probed ones. Everything else is flaky, and said so.
"""

import json
import os
import re
import xml.etree.ElementTree as ElementTree

ROUNDS = 3


def read_junit(path):
    """Test id to outcome (passed, failed, error, skipped) of a JUnit file; empty where there is none."""
    found = {}
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        return found
    for case in root.iter("testcase"):
        name = case.get("name") or ""
        place = case.get("classname")
        key = re.sub(r"0x[0-9a-fA-F]{6,}", "0x", (place + "." + name) if place and not name.startswith(place) else name)
        outcome = "passed"
        for child in case:
            if child.tag in ("failure", "error", "skipped"):
                outcome = {"failure": "failed", "error": "error", "skipped": "skipped"}[child.tag]
        if (case.get("result") or "completed") not in ("completed",) and outcome == "passed":
            outcome = case.get("result")
        worst = found.get(key)
        if worst is None or worst in ("passed", "skipped"):
            found[key] = outcome
    return found


def compare(run, is_again=lambda differing: True):
    """Runs a suite on both sides until it is clear what differs.

    `run(is_probed, round)` gives test id to outcome. Gives tests, passed (bare), differences {id: [bare, probed]}, flaky ids, rounds.
    """
    rounds = [(run(False, 0), run(True, 0))]
    suspects = _differing(rounds[0])
    for number in range(1, ROUNDS):
        if not suspects:
            break
        rounds.append((run(False, number), run(True, number)))
        suspects = [name for name in suspects if _is_steady(name, rounds)]
    bare, probed = rounds[0]
    first = _differing(rounds[0])
    return {
        "tests": len(bare),
        "passed": sum(outcome == "passed" for outcome in bare.values()),
        "skipped": sum(outcome == "skipped" for outcome in bare.values()),
        "failed_bare": sorted(name for name, outcome in bare.items() if outcome not in ("passed", "skipped")),
        "differences": {name: [bare.get(name, "absent"), probed.get(name, "absent")] for name in suspects},
        "flaky": [name for name in first if name not in suspects],
        "rounds": len(rounds),
    }


def _differing(pair):
    bare, probed = pair
    return sorted(name for name in set(bare) | set(probed) if bare.get(name) != probed.get(name))


def _is_steady(name, rounds):
    without = {bare.get(name) for bare, _ in rounds}
    with_probe = {probed.get(name) for _, probed in rounds}
    return len(without) == len(with_probe) == 1 and without != with_probe


def load(path):
    """A kept result, or None."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def keep(path, result):
    """Keeps a result."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1, sort_keys=True)
    os.replace(path + ".new", path)
