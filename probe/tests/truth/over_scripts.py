"""The comparison over every script of the folder, added up."""

import os
import shutil
import sys
import tempfile

from .compare import NEEDED, measure

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = os.path.join(HERE, "scripts")
#: Scripts with real packages, and what they need.
WITH_PACKAGES = os.path.join(HERE, "scripts_packages")
NEEDS = ("pandas==3.1.1", "openpyxl==3.1.5", "SQLAlchemy==2.0.44", "requests==2.34.2", "httpx==0.28.1")
KINDS = ("files", "changes", "hosts", "bytes", "programs")


def names(scripts=SCRIPTS):
    """Names of the scripts."""
    return sorted(name for name in os.listdir(scripts) if name.endswith(".py"))


def measure_all(python=sys.executable, only=None, scripts=SCRIPTS):
    """Yields name and report of each script; each runs in an empty folder of its own."""
    for name in names(scripts):
        if only and not any(word in name for word in only):
            continue
        folder = os.path.realpath(tempfile.mkdtemp(prefix="sentinel-script-"))
        try:
            yield name, measure(os.path.join(scripts, name), (), python, folder, quiet=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def add(reports):
    """Sums of all reports: for each kind what the kernel saw, what is recorded, what was invented."""
    sums = {kind: {"kernel": 0, "recorded": 0, "claims": 0, "invented": 0} for kind in KINDS}
    for report in reports:
        for kind in KINDS:
            sums[kind]["kernel"] += report[kind]["kernel"]
            sums[kind]["recorded"] += report[kind]["recorded"]
            sums[kind]["claims"] += report[kind]["claims"]
            sums[kind]["invented"] += len(report[kind]["invented"])
    for each in sums.values():
        each["recall"] = each["recorded"] / each["kernel"] if each["kernel"] else 1.0
    return sums


def main():
    """Prints what is not as it should be, and the sums."""
    reports = []
    for name, report in measure_all(only=sys.argv[1:]):
        reports.append(report)
        for kind in KINDS:
            for miss in report[kind]["misses"]:
                print("%-32s missed %s: %s" % (name, miss["what"], miss["why"] or "UNEXPLAINED"))
            for what in report[kind]["invented"]:
                print("%-32s INVENTED %s" % (name, what))
        for fault in report["faults"]:
            print("%-32s FAULT %s" % (name, fault))
        for path in report["unclaimed"]:
            print("%-32s UNCLAIMED %s" % (name, path))
        if "Traceback" in report["output"] and name not in ("raises.py",):
            print(name, report["output"])
    print("%d scripts, needed recall %.2f" % (len(reports), NEEDED))
    for kind, each in add(reports).items():
        print("%-10s kernel %5d recorded %5d recall %.4f claims %5d invented %d" % (kind, each["kernel"], each["recorded"], each["recall"], each["claims"], each["invented"]))


if __name__ == "__main__":
    main()
