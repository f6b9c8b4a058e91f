"""Command line of the comparison; see the package."""

import argparse
import json
import os
import sys
import time

from . import cpython, known, outcomes
from .sides import CACHE, ROUTES, Sides, digest, pythons


def main():
    parser = argparse.ArgumentParser(prog="python3 -m tests.unharmed", description="Other people's test suites with and without the probe.")
    parser.add_argument("what", choices=("cpython", "packages", "table"))
    parser.add_argument("--python", help="comma-separated minor versions; all of this machine otherwise")
    parser.add_argument("--only", help="comma-separated test modules or packages")
    parser.add_argument("--route", choices=ROUTES, default="installed")
    parser.add_argument("--any-probe", action="store_true", help="take kept results of older states of the probe as well")
    parser.add_argument("--again", action="store_true", help="ignore kept results")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.what == "table":
        from . import table

        print(table.text())
        return 0
    if options.what == "packages":
        from . import packages

        results = packages.compare_all(options, say)
    else:
        results = list(compare_cpython(options))
    bad = [each for each in results if each["unexplained"] or each["witness"]["faults"] or not each["witness"]["runs"]]
    if options.json:
        print(json.dumps(results))
    return 1 if bad else 0


def compare_cpython(options):
    """Yields a result for each version and module."""
    found = pythons()
    wanted = options.python.split(",") if options.python else list(found)
    only = options.only.split(",") if options.only else None
    for version in wanted:
        folder = os.path.join(CACHE, "cpython-%s-%s" % (version, options.route))
        now = digest()
        with Sides(found[version], options.route) as sides:
            for module in cpython.modules(found[version]):
                if only and module not in only:
                    continue
                path = os.path.join(folder, module + ".json")
                result = None if options.again else outcomes.load(path)
                if result is None or (result["probe"] != now and not options.any_probe):
                    result = compare_module(sides, module, folder)
                    result["version"] = version
                    result["route"] = options.route
                    outcomes.keep(path, result)
                result["unexplained"] = known.unexplained(module, result["differences"])
                say(result, "%s %s %s" % (version, options.route, module))
                yield result


def compare_module(sides, module, folder):
    """Runs a test module on both sides, keeping the output of what differs."""
    logs = {}
    witness = {"runs": 0, "activities": 0, "faults": {}, "told": ""}

    def run(is_probed, number):
        if is_probed:
            sides.fresh_spool()
        found, logs[is_probed] = cpython.run(sides, module, is_probed)
        if is_probed:
            seen = sides.witness()
            witness["runs"] += seen["runs"]
            witness["activities"] += seen["activities"]
            witness["told"] += seen["told"][:20000]
            for kind, count in seen["faults"].items():
                witness["faults"][kind] = witness["faults"].get(kind, 0) + count
        return found

    begin = time.monotonic()
    result = outcomes.compare(run)
    result.update(suite=module, probe=sides.digest, witness=witness, seconds=round(time.monotonic() - begin))
    os.makedirs(folder, exist_ok=True)
    for is_probed, text in logs.items():
        path = os.path.join(folder, "%s.%s.log" % (module, "probed" if is_probed else "bare"))
        if result["differences"]:
            with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        elif os.path.exists(path):
            os.remove(path)
    return result


def say(result, title):
    """One line for people, on standard error."""
    different = len(result["differences"])
    sys.stderr.write(
        "%-52s %5d tests, %5d passed, %d differ%s%s%s  %d s\n"
        % (
            title,
            result["tests"],
            result["passed"],
            different,
            " (%d unexplained: %s)" % (len(result["unexplained"]), ", ".join(sorted(result["unexplained"])[:6])) if result["unexplained"] else "",
            ", %d flaky" % len(result["flaky"]) if result["flaky"] else "",
            ", FAULTS %s" % result["witness"]["faults"] if result["witness"]["faults"] else "" if result["witness"]["runs"] else ", THE PROBE DID NOT RUN",
            result["seconds"],
        )
    )
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
