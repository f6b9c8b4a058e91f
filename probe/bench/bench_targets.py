"""Holds what the probe costs against its targets, each with bare-against-bare as control.

    python3 probe/bench/bench_targets.py [--quick] [--json] [PYTHON ...]        further interpreters are measured for the start

Interleaved in random order; ratios and differences of medians, of the best windows for single calls. Nobody reads the spool, which lies in memory where
there is such a folder. What more of traffic and of databases costs is in bench_network.py and bench_databases.py; delivery and robustness are tests.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from bench_probe import BUSINESS, WORKLOADS, make_prefix  # noqa: E402

AUDIT = """
import sys, time
best = 1e9
for window in range(200):
    begin = time.perf_counter()
    for i in range(1000): sys.audit('nobody.asks')
    best = min(best, time.perf_counter() - begin)
print(best * 1e6)
"""
STATEMENTS = """
import sqlite3, sys, time
base = sqlite3.connect(':memory:'); base.execute('create table t(a, b)'); base.execute('create table u(a, b)'); cursor = base.cursor()
best = many = 1e9
for window in range(60):
    begin = time.perf_counter()
    for i in range(1000): cursor.execute('insert into t values(?, ?)', (i, i))
    best = min(best, time.perf_counter() - begin)
    begin = time.perf_counter()
    cursor.executemany('insert into u values(?, ?)', [(i, i) for i in range(5000)])
    many = min(many, time.perf_counter() - begin)
    cursor.execute('delete from t'); cursor.execute('delete from u')
print(best * 1e6, many * 1e6)
"""
#: Stops itself when it is done, so that its peak can be read: what wait4 says is at least that of whoever started it.
STOP = "import os\nos.kill(os.getpid(), 19)\n"
KEYS = "import sys\nfor i in range(20000): sys.audit('open', '/data/reports/file-%d.csv' % i, 'w', 577)\n" + STOP
DEEPCOPY = "import copy\nd = {i: [i, (i, str(i))] for i in range(5000)}\nfor i in range(4): copy.deepcopy(d)\n"
HOOK = "import sys\ndef hook(event, args): pass\nsys.addaudithook(hook)\n"


class Bench:
    """Two interpreters made of links, one with the probe, and folders to work in."""

    def __init__(self, repetitions):
        self.repetitions = repetitions
        self.folder = tempfile.mkdtemp(prefix="sentinel-targets-")
        self.spool = tempfile.mkdtemp(prefix="sentinel-targets-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        self.bare = make_prefix(os.path.join(self.folder, "bare"), False)
        self.probed = make_prefix(os.path.join(self.folder, "probed"), True)
        self.rows = []

    def close(self):
        for folder in (self.folder, self.spool, self.spool + ".doors"):
            shutil.rmtree(folder, ignore_errors=True)

    def run(self, side, arguments):
        """Runs a side once: what it printed as numbers, and seconds."""
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
        if side in ("probed", "doors"):
            environment["SENTINEL_SPOOL"] = self.spool
        if side == "hook":
            environment["PYTHONPATH"] = os.path.join(self.folder, "hook")
        read, write = os.pipe()
        import time

        begin = time.perf_counter()
        command = [self.probed if side in ("probed", "doors") else self.bare, *arguments]
        child = os.posix_spawn(command[0], command, environment, file_actions=[(os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_CLOSE, read)])
        os.close(write)
        with os.fdopen(read) as file:
            printed = file.read()
        status = os.waitpid(child, 0)[1]
        taken = time.perf_counter() - begin
        if status:
            raise SystemExit("failed: %r" % (command,))
        return [float(word) for word in printed.split()], taken

    def peak(self, side, text):
        """Peak memory of a side, in kilobytes, when it stops itself."""
        environment = {"PATH": os.defpath, "SENTINEL_SPOOL": self.spool} if side == "probed" else {"PATH": os.defpath}
        command = [self.probed if side == "probed" else self.bare, "-c", text]
        child = os.posix_spawn(command[0], command, environment)
        os.waitpid(child, os.WUNTRACED)
        try:
            with open("/proc/%d/status" % child) as file:
                return int(file.read().partition("VmHWM:")[2].split()[0])
        finally:
            os.kill(child, 9)
            os.waitpid(child, 0)

    def sides(self, names, arguments, pick, best=min):
        """Value of each side; interleaved."""
        values = {name: [] for name in names}
        for name in names:
            self.run(name, arguments)
        for _ in range(self.repetitions):
            for name in random.sample(names, len(names)):
                values[name].append(pick(self.run(name, arguments)))
        return {name: best(found) for name, found in values.items()}

    def row(self, target, value, limit, unit, control):
        self.rows.append({"target": target, "value": round(value, 3), "limit": limit, "unit": unit, "control": round(control, 3), "holds": value <= limit})

    def script(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path


def starts(bench, pythons, count):
    for python in pythons:
        command = [python, os.path.join(HERE, "bench_probe.py"), "--only", "start", "--starts", str(count), "--spool", bench.spool, "--json"]
        found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode())
        side = found["start"]
        bench.row("1 start on %s" % found["python"], side["installed"]["ratio"], 1.05, "ratio", side["again"]["ratio"])
        bench.row("1 start on %s" % found["python"], side["installed"]["delta_ms"], 0.45, "ms", side["again"]["delta_ms"])


def memory(bench):
    for title, text, limit in (("start", STOP, 256), ("20,000 keys", KEYS, 2048)):
        values = {side: statistics.median(bench.peak(side, text) for _ in range(bench.repetitions)) for side in ("bare", "again", "probed")}
        bench.row("2 memory, %s" % title, values["probed"] - values["bare"], limit, "KB", values["again"] - values["bare"])


def calls(bench):
    os.mkdir(os.path.join(bench.folder, "hook"))
    bench.script("hook/sitecustomize.py", HOOK)
    found = bench.sides(["hook", "again", "probed"], ["-c", AUDIT], lambda run: run[0][0])
    again = bench.sides(["hook"], ["-c", AUDIT], lambda run: run[0][0])
    # the loop itself is in both
    bench.row("3 event nobody asks for, against an empty hook", (found["probed"] - found["again"]) / (found["hook"] - found["again"]), 1.35, "ratio", again["hook"] / found["hook"])
    both = bench.sides(["bare", "again", "probed"], ["-c", STATEMENTS], lambda run: complex(*run[0]), lambda runs: complex(min(r.real for r in runs), min(r.imag for r in runs)))
    bare, again, probed = both["bare"], both["again"], both["probed"]
    bench.row("5 sqlite3 execute, in memory", probed.real - bare.real, 150, "ns", again.real - bare.real)
    bench.row("5 sqlite3 execute, in memory", probed.real / bare.real, 1.15, "ratio", again.real / bare.real)
    bench.row("5 sqlite3 executemany", probed.imag / bare.imag, 1.02, "ratio", again.imag / bare.imag)


def network(bench):
    """What bytes on sockets cost, and reading a call to a model; see bench_network.py."""
    command = [sys.executable, os.path.join(HERE, "bench_network.py"), "--only", "keepalive,bulk,socketpair,calls", "--reps", str(bench.repetitions)]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode())
    for title, name, what, limit in (
        ("6 HTTP keep-alive, processor", "keepalive", "cpu", 1.05),
        ("6 HTTP keep-alive, clock", "keepalive", "clock", 1.03),
        ("6 download of 50 MB, processor", "bulk", "cpu", 1.10),
        ("6 send and recv on a socketpair, processor", "socketpair", "cpu", 1.35),
    ):
        bench.row(title, found[name]["probed"][what], limit, "ratio", found[name]["again"][what])
    bench.row("7 reading a call to a model with a prompt of 8 KB", found["calls"]["json_us"], 100, "us", 0)


def workloads(bench):
    limits = {"hot_open": ("4 one file, 20,000 times", 1.08), "tiny_files": ("4 distinct tiny files", 1.25), "fork": ("11 fork", 1.15)}
    ratios = []
    for name in [*limits, *[name for name in BUSINESS if name != "http_keepalive"]]:
        path = bench.script("work_" + name + ".py", "HERE = %r\n%s\n" % (bench.folder, WORKLOADS[name]))
        bench.script("data.txt", "x" * 100)
        found = bench.sides(["bare", "again", "probed"], [path], lambda run: run[1], statistics.median)
        ratio, control = found["probed"] / found["bare"], found["again"] / found["bare"]
        if name in limits:
            bench.row(limits[name][0], ratio, limits[name][1], "ratio", control)
        else:
            ratios.append((ratio, control))
    bench.row("8 business set without network", statistics.geometric_mean(r for r, _ in ratios), 1.03, "ratio", statistics.geometric_mean(c for _, c in ratios))


def deepcopy(bench):
    path = bench.script("work_deepcopy.py", DEEPCOPY)
    first = bench.sides(["bare", "again", "probed"], [path], lambda run: run[1], statistics.median)
    bench.row("8 deepcopy, first run", first["probed"] / first["bare"], 2.6, "ratio", first["again"] / first["bare"])
    os.makedirs(bench.spool + ".doors", exist_ok=True)
    open(bench.spool + ".doors/" + path.replace(os.sep, "%")[-200:], "w").close()
    second = bench.sides(["bare", "again", "doors"], [path], lambda run: run[1], statistics.median)
    bench.row("8 deepcopy, second run", second["doors"] / second["bare"], 1.08, "ratio", second["again"] / second["bare"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pythons", nargs="*", default=[])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    bench = Bench(5 if options.quick else 15)
    try:
        starts(bench, [sys.executable, *options.pythons], 40 if options.quick else 200)
        memory(bench)
        calls(bench)
        network(bench)
        workloads(bench)
        deepcopy(bench)
    finally:
        bench.close()
    if options.json:
        print(json.dumps({"python": sys.version.split()[0], "rows": bench.rows}))
        return
    for row in bench.rows:
        print("%-50s %8.3f %-6s target %8.3f   control %7.3f   %s" % (row["target"], row["value"], row["unit"], row["limit"], row["control"], "" if row["holds"] else "OVER"))


if __name__ == "__main__":
    main()
