"""Prints what one decision costs in the probe, against a hook that decides nothing, and what loading policies costs.

    python3 probe/bench/bench_policy.py [--json] POLICIES        the text of `sentinel policy export --endpoint FOLDER`

25 candidate statements stand on the type that is asked about: the statements of the text about it, repeated with their texts changed so that each is
one of its own. Targets: median 5 us, 99th percentile 50 us, 100 policies loaded in 5 ms. Each figure is the middle one of several interleaved rounds.
"""

import argparse
import json
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "src"))
from sentinel_probe import policy  # noqa: E402

CANDIDATES = 25
POLICIES = 100
ROUNDS = 9
DECISIONS = 4000

#: What does not change within a run: decided once, at the first decision about a type.
FIXED = {
    "endpoint.groups": ["finance"],
    "endpoint.platform": "linux",
    "run.is_interactive": True,
    "run.is_scheduled": False,
    "script.approval": "none",
    "script.name": "report.py",
    "script.owner_status": "active",
    "script.path": "/home/ann/report.py",
    "user.department": "Finance",
    "user.name": "ann",
}
#: What every decision is told.
OTHERS = {"time.minute": 600, "time.weekday": 2, "activity.count": 3, "activity.rows": 10, "activity.bytes_in": 0, "activity.errors": 0}
SUMS = {"run.sum.http.request.bytes_out": 5000, "run.sum.ai.request.count": 3, "run.sum.db.query.rows": 100, "run.sum.file.open.count": 9}


def facts(**own):
    return {**FIXED, **OTHERS, **SUMS, "activity.bytes_out": 1000, **{name.replace("__", "."): value for name, value in own.items()}}


FACTS = {
    "file.open": [facts(file__path="/home/ann/reports/2026/month-%d.csv" % i, sentinel__file__operation="read") for i in range(50)],
    "http.request": [facts(server__address="api-%d.example.com" % i, http__request__method="POST", url__scheme="https") for i in range(50)],
    "ai.request": [facts(server__address="llm-%d.example.com" % i, gen_ai__provider__name="openai", gen_ai__request__model="gpt") for i in range(50)],
    "db.query": [
        facts(db__system__name="postgresql", db__operation__name="SELECT", db__collection__name="orders_%d" % i, server__address="db") for i in range(50)
    ],
}


def blocks(text):
    """The statements of a text: (line of its policy, lines of the statement)."""
    found, head = [], ""
    for line in text.split("\n"):
        if line.startswith("P\t"):
            head = line
        elif line.startswith("S\t"):
            found.append((head, [line]))
        elif found and line and not line.startswith("V\t"):
            found[-1][1].append(line)
    return found


def candidates(text, kind):
    """A text of 25 statements about one type, no two alike."""
    own = [each for each in blocks(text) if kind in each[1][0].split("\t")[2].split(",")]
    lines = ["V\t" + policy.TEXT_VERSION]
    for number in range(CANDIDATES):
        head, statement = own[number % len(own)]
        lines.append(head)
        for line in statement:
            fields = line.split("\t")
            if fields[0] == "T" and fields[2] in ("string", "string[]") and number >= len(own):
                fields = fields[:5] + ["%s%d" % (each, number) for each in fields[5:]]
            lines.append("\t".join(fields))
    return "\n".join(lines) + "\n"


def percentile(values, share):
    return sorted(values)[int(len(values) * share)]


def decide(kind, statements, decided):
    """Times of single decisions in microseconds, above those of a hook that decides nothing."""
    clock, facts = time.perf_counter_ns, FACTS[kind]
    times, empty = [], []
    evaluate = policy.evaluate

    def nothing(statements, facts):
        return None

    for number in range(DECISIONS):
        each = facts[number % len(facts)]
        begin = clock()
        nothing(statements, each)
        middle = clock()
        verdict = evaluate(statements, each)
        end = clock()
        empty.append(middle - begin)
        times.append(end - middle)
        decided.add(verdict.effect)
    base = statistics.median(empty)
    return [(each - base) / 1000 for each in times]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("policies")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with open(options.policies, encoding="utf-8") as file:
        text = file.read()
    rows = []
    prepared = {kind: policy.fold_run(policy.read(candidates(text, kind))[kind], FIXED) for kind in FACTS}
    decided = {kind: set() for kind in FACTS}
    rounds = {kind: [] for kind in FACTS}
    for _ in range(ROUNDS):
        for kind, statements in prepared.items():
            rounds[kind].append(decide(kind, statements, decided[kind]))
    for kind, each in rounds.items():
        rows.append(
            {
                "decision": kind,
                "candidates": CANDIDATES,
                "left_after_folding": len(prepared[kind].rows),
                "median_us": round(statistics.median([statistics.median(one) for one in each]), 2),
                "p99_us": round(statistics.median([percentile(one, 0.99) for one in each]), 2),
                "effects": sorted(decided[kind]),
            }
        )
    body = text.split("\n", 1)[1]
    count = body.count("\nP\t") + body.startswith("P\t")
    hundred = "V\t" + policy.TEXT_VERSION + "\n" + body * -(-POLICIES // count)
    loads = []
    for _ in range(ROUNDS * 3):
        begin = time.perf_counter()
        policy.read(hundred)
        loads.append((time.perf_counter() - begin) * 1000)
    loaded = {"policies": count * -(-POLICIES // count), "bytes": len(hundred), "load_ms": round(statistics.median(loads), 2)}
    if options.json:
        print(json.dumps({"python": sys.version.split()[0], "decisions": rows, "load": loaded}))
        return
    print("decision in the probe on Python %s, %d candidates" % (sys.version.split()[0], CANDIDATES))
    for row in rows:
        told = (row["decision"], row["median_us"], row["p99_us"], row["left_after_folding"])
        print("  %-14s median %5.2f us  p99 %6.2f us  (%d left once the run's facts are folded in)" % told)
    print("  %d policies (%d bytes) loaded in %.2f ms" % (loaded["policies"], loaded["bytes"], loaded["load_ms"]))


if __name__ == "__main__":
    main()
