"""Answers of the probe's policy evaluator, for the test that compares the three languages.

Standard input: lines of JSON. {"facts": [...]} sets the facts of the rows; {"text": ..., "activity": ...} asks for the verdicts on
all of them. Standard output: for each question a line: a list of [matches, skipped unknown], `matches` being "policy/statement" texts.
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))
from sentinel_probe import policy  # noqa: E402

#: Facts that do not change within a run. Source: packages/policy/src/facts.ts
FIXED = ("endpoint.", "interpreter.", "script.", "user.")
#: Rows from one whose policies are folded to the next: each folding reads the text anew.
EVERY = 25


def said(verdict):
    return [[each.policy_id + "/" + each.id for each, _ in verdict.matches], verdict.skipped_unknown]


def check_folded(asked, facts, answer):
    """Folding the facts of a run into its policies changes no verdict; ends this program where it does."""
    statements = policy.read(asked["text"]).get(asked["activity"], policy.NONE)
    fixed = {name: value for name, value in facts.items() if name.startswith(FIXED) or hash(name) % 3 == 0}
    folded = said(policy.evaluate(policy.fold_run(statements, fixed), facts))
    if folded != answer:
        raise SystemExit("folding changed a verdict: %r, not %r, for %r of %s" % (folded, answer, facts, asked["text"]))


def main():
    rows = []
    for line in sys.stdin:
        asked = json.loads(line)
        if "facts" in asked:
            rows = asked["facts"]
            continue
        statements = policy.read(asked["text"]).get(asked["activity"], policy.NONE)
        answers = []
        for number, facts in enumerate(rows):
            answers.append(said(policy.evaluate(statements, facts)))
            if number % EVERY == 0:
                check_folded(asked, facts, answers[-1])
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
