"""Command line of the comparison; see the package."""

import argparse
import json
import os
import sys

if __package__ in (None, ""):
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tests.truth.compare import measure  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="npm run truth --", description="What the kernel saw a script do, against what the probe recorded.")
    parser.add_argument("--json", action="store_true", help="print JSON only; the script's output is dropped")
    parser.add_argument("--python", default=sys.executable, help="interpreter to use")
    parser.add_argument("script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    folder = os.environ.get("INIT_CWD") or os.getcwd()
    script = os.path.abspath(os.path.join(folder, options.script))
    if not os.path.exists(script):
        parser.error("there is no %s" % script)
    try:
        report = measure(script, options.arguments, options.python, folder, quiet=options.json)
    except RuntimeError as error:
        sys.stderr.write("%s\n" % error)
        return 2
    if options.json:
        print(json.dumps(report))
    else:
        sys.stdout.flush()
        show(report)
    return 0 if report["is_true"] else 1


def show(report):
    """Prints a report for people."""
    print("\n%-10s %8s %8s %8s %9s   left out by rule" % ("", "kernel", "recorded", "recall", "precision"))
    for name in ("files", "changes", "hosts", "bytes", "programs"):
        each = report[name]
        left_out = ", ".join("%s %d" % pair for pair in sorted(each["outside"].items()))
        print("%-10s %8d %8d %8.3f %9.3f   %s" % (name, each["kernel"], each["recorded"], each["recall"], each["precision"], left_out))
    total = report["total"]
    print("%-10s %8d %8d %8.3f %9.3f   %d runs, exit code %s" % ("total", total["kernel"], total["recorded"], total["recall"], total["precision"], report["runs"], report["exit_code"]))
    for name in ("files", "changes", "hosts", "bytes", "programs"):
        for miss in report[name]["misses"]:
            print("missed: %s: %s" % (miss["what"], miss["why"] or "UNEXPLAINED"))
        for what in report[name]["invented"]:
            print("INVENTED: %s" % what)
    for fault in report["faults"]:
        print("FAULT of the probe: %s" % fault)
    for path in report["unclaimed"]:
        print("a record without a process: %s" % path)


if __name__ == "__main__":
    sys.exit(main())
