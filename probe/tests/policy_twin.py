"""Answers of the probe's policy evaluator, for the test that compares the three languages.

Standard input: lines of JSON. {"facts": [...]} sets the facts of the rows; {"text": ..., "activity": ...} asks for the verdicts on
all of them. Standard output: for each question a line: a list of [matches, skipped unknown], `matches` being "policy/statement" texts.
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))
from sentinel_probe import policy  # noqa: E402


def main():
    rows = []
    for line in sys.stdin:
        asked = json.loads(line)
        if "facts" in asked:
            rows = asked["facts"]
            continue
        statements = policy.read(asked["text"]).get(asked["activity"], policy.NONE)
        answers = []
        for facts in rows:
            verdict = policy.evaluate(statements, facts)
            answers.append([[each.policy_id + "/" + each.id for each, _ in verdict.matches], verdict.skipped_unknown])
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
