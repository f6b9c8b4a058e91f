"""Measures what the probe costs: start-up, and whole programs, against the same program without it.

    python3 probe/bench/bench_probe.py [--reps N] [--starts N] [--only NAME,...] [--json]

Every comparison is interleaved in random order within one run; a value is the median, a ratio is against the bare side of
the same run. `again` is bare against bare: the noise. Routes: `installed` is an interpreter prefix made of links, whose
standard library folder holds our `sitecustomize` with the probe's path in it; `path` is PYTHONPATH. The agent is absent: the spool
folder is a plain folder nobody reads.
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
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))
from sentinel_probe.installing import sitecustomize_text  # noqa: E402

PROBE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src", "sentinel_probe")
INJECT = os.path.join(PROBE, "_inject")

WORKLOADS = {
    "hot_open": "for i in range(20000):\n    with open(HERE + '/data.txt') as f: f.read()",
    "tiny_files": "import os\nfor i in range(2000):\n    p = HERE + '/t%d' % i\n    open(p, 'w').write('x')\n    open(p).read()\n    os.remove(p)",
    "sqlite_insert": "import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute('create table t(a,b)')\nx = c.cursor()\nfor i in range(30000): x.execute('insert into t values(?,?)', (i, i))",
    "sqlite_rows": "import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute('create table t(a,b)')\nc.executemany('insert into t values(?,?)', [(i, i) for i in range(50000)])\nfor k in range(5):\n    for r in c.execute('select * from t'): pass",
    "http_keepalive": """
import http.client
c = http.client.HTTPConnection('127.0.0.1', PORT)
for i in range(400):
    c.request('GET', '/users/%d' % i); c.getresponse().read()
""",
    "imports": "import json, argparse, logging, decimal, csv, tempfile, urllib.request, email.message, asyncio, dataclasses, unittest, http.server",
    "subprocess": "import subprocess\nfor i in range(100): subprocess.run(['/bin/true'])",
    "cpu": "s = 0\nfor i in range(2000000): s += i * i % 7",
    "deepcopy": "import copy\nd = {i: [i, (i, str(i))] for i in range(5000)}\nfor i in range(3): copy.deepcopy(d)",
    "fork": "import os\nfor i in range(200):\n    p = os.fork()\n    if not p: os._exit(0)\n    os.waitpid(p, 0)",
    "csv_report": "import csv, json, collections\nrows = [dict(id=i, name='n%d' % i, amount=i * 3) for i in range(20000)]\nwith open(HERE + '/o.csv', 'w', newline='') as f:\n    w = csv.DictWriter(f, ['id', 'name', 'amount']); w.writeheader(); w.writerows(rows)\nwith open(HERE + '/o.csv', newline='') as f: back = list(csv.DictReader(f))\nt = collections.Counter()\nfor r in back: t[r['name'][-1]] += int(r['amount'])\nwith open(HERE + '/o.json', 'w') as f: json.dump(t, f)",
}
BUSINESS = ("http_keepalive", "imports", "subprocess", "cpu", "csv_report")

SERVER = r"""
import socket, sys, threading
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(16); print(s.getsockname()[1], flush=True)
def serve(c):
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    data = b''
    while True:
        got = c.recv(65536)
        if not got: return
        data += got
        while b'\r\n\r\n' in data:
            data = data.partition(b'\r\n\r\n')[2]
            c.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Type: text/plain\r\n\r\n' + b'x' * 1000)
while True:
    threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
"""


def make_prefix(folder, with_probe, base=None):
    """Makes an interpreter prefix of links; with the probe, its library folder holds our sitecustomize.

    Returns the path of its interpreter.
    """
    source = os.path.dirname(os.__file__)
    name = os.path.basename(source)
    library = os.path.join(folder, "lib", name)
    os.makedirs(library)
    os.makedirs(os.path.join(folder, "bin"))
    for entry in os.listdir(source):
        if entry not in ("site-packages", "dist-packages", "sitecustomize.py", "__pycache__"):
            os.symlink(os.path.join(source, entry), os.path.join(library, entry))
    os.mkdir(os.path.join(library, "site-packages"))
    os.makedirs(os.path.join(folder, "lib", "python3", "dist-packages"))  # where Debian looks
    shutil.copytree(os.path.join(source, "__pycache__"), os.path.join(library, "__pycache__"), symlinks=True)
    executable = os.path.join(folder, "bin", name)
    shutil.copy2(os.path.realpath(getattr(sys, "_base_executable", sys.executable)), executable)
    shared = os.path.join(os.path.dirname(source))
    for entry in os.listdir(shared):
        if entry.startswith("libpython"):
            os.symlink(os.path.join(shared, entry), os.path.join(folder, "lib", entry))
    if with_probe:
        with open(os.path.join(library, "sitecustomize.py"), "w", encoding="utf-8") as f:
            f.write(sitecustomize_text())
    return executable


def run(command, environment):
    """Runs a program to its end; gives wall seconds."""
    begin = time.perf_counter()
    code = os.waitpid(os.posix_spawn(command[0], command, environment), 0)[1]
    taken = time.perf_counter() - begin
    if code:
        raise SystemExit("failed: %r" % (command,))
    return taken


def compare(cases, reps):
    """Runs every case `reps` times, interleaved; gives the medians in ms."""
    times = {name: [] for name in cases}
    for name in cases:
        run(*cases[name])
    for _ in range(reps):
        names = list(cases)
        random.shuffle(names)
        for name in names:
            times[name].append(run(*cases[name]))
    return {name: statistics.median(values) * 1000 for name, values in times.items()}


def result(medians):
    base = medians["bare"]
    return {
        name: {"ms": round(value, 3), "delta_ms": round(value - base, 3), "ratio": round(value / base, 4)} for name, value in medians.items()
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reps", type=int, default=9, help="runs of each workload")
    parser.add_argument("--starts", type=int, default=200, help="runs of each start-up case")
    parser.add_argument("--only", help="comma-separated: start, or names of workloads")
    parser.add_argument("--spool", help="where to make the spool folder; a memory file system shows the probe without the disk")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    only = options.only.split(",") if options.only else None
    folder = tempfile.mkdtemp(prefix="sentinel-bench-")
    spool = ""
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE)
    try:
        port = int(server.stdout.readline())
        bare = make_prefix(os.path.join(folder, "bare"), False)
        probed = make_prefix(os.path.join(folder, "probed"), True)
        spool = tempfile.mkdtemp(prefix="sentinel-bench-spool-", dir=options.spool)
        with open(os.path.join(folder, "data.txt"), "w") as f:
            f.write("x" * 100)
        plain = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8"}
        spooled = dict(plain, SENTINEL_SPOOL=spool)
        by_path = dict(spooled, PYTHONPATH=INJECT)
        report = {"python": sys.version.split()[0], "reps": options.reps, "starts": options.starts}
        if only is None or "start" in only:
            run([probed, "-c", "pass"], spooled)
            report["start"] = result(
                compare(
                    {
                        "bare": ([bare, "-c", "pass"], plain),
                        "again": ([bare, "-c", "pass"], plain),
                        "installed": ([probed, "-c", "pass"], spooled),
                        "path": ([bare, "-c", "pass"], by_path),
                    },
                    options.starts,
                )
            )
        report["workloads"] = {}
        for name, text in WORKLOADS.items():
            if only is not None and name not in only:
                continue
            script = os.path.join(folder, "work_" + name + ".py")
            with open(script, "w") as f:
                f.write("HERE = %r\nPORT = %d\n%s\n" % (folder, port, text))
            cases = {
                "bare": ([bare, script], plain),
                "again": ([bare, script], plain),
                "probed": ([probed, script], spooled),
            }
            report["workloads"][name] = result(compare(cases, options.reps))
        done = [report["workloads"][name]["probed"]["ratio"] for name in BUSINESS if name in report["workloads"]]
        if done:
            product = 1.0
            for ratio in done:
                product *= ratio
            report["business_geometric_mean"] = round(product ** (1 / len(done)), 4)
        if options.json:
            print(json.dumps(report))
        else:
            print(json.dumps(report, indent=1))
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(spool, ignore_errors=True)


if __name__ == "__main__":
    main()
