"""Runs a script under strace and the probe, and compares."""

import os
import shutil
import subprocess
import sys
import tempfile

from ..support import INJECT, PACKAGE, Run
from . import kernel, rules

NEEDED = 0.99
_PREFIXES = "import sys, os; print('\\n'.join({sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.realpath(sys.base_prefix), os.path.dirname(os.__file__)}))"


def measure(script, arguments=(), python=sys.executable, cwd=None, quiet=False, timeout=300):
    """Runs the script once; gives the report as a dictionary.

    Raises RuntimeError where strace is not to be had.
    """
    if shutil.which("strace") is None:
        raise RuntimeError("strace is not installed")
    work = os.path.realpath(tempfile.mkdtemp(prefix="sentinel-truth-"))
    cwd = os.path.realpath(cwd or os.getcwd())
    try:
        spool, traces = os.path.join(work, "spool"), os.path.join(work, "traces")
        os.mkdir(spool)
        os.mkdir(traces)
        before = [INJECT, os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else [INJECT]
        environment = dict(os.environ, SENTINEL_SPOOL=spool, PYTHONPATH=os.pathsep.join(before))
        silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if quiet else {}
        done = subprocess.run(kernel.command(traces, python, [script, *arguments]), cwd=cwd, env=environment, timeout=timeout, **silent)
        plain = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SENTINEL_SPOOL")}
        folders = subprocess.run([python, "-c", _PREFIXES], stdout=subprocess.PIPE, check=True, universal_newlines=True, env=plain).stdout.split("\n")
        trace = kernel.Trace(traces, cwd)
        runs = [Run(os.path.join(spool, name)) for name in sorted(os.listdir(spool))]
        report = compare(trace, runs, [folder for folder in folders if folder not in ("", "/", "/usr")], [work, PACKAGE])
        report["exit_code"] = done.returncode
        if quiet:
            report["output"] = done.stdout.decode("utf-8", "replace")[-4000:]
        return report
    finally:
        shutil.rmtree(work, ignore_errors=True)


class Tally:
    """Recall, precision and the exceptions of one kind of fact."""

    def __init__(self):
        self.expected = self.found = self.recorded = self.true = 0
        self.outside = {}
        self.misses = []  # {what, why}
        self.invented = []

    def leave_out(self, rule, number=1):
        self.outside[rule] = self.outside.get(rule, 0) + number

    def expect(self, is_found, what, why=None):
        self.expected += 1
        if is_found:
            self.found += 1
        else:
            self.misses.append({"what": what, "why": why})

    def claim(self, is_true, what):
        self.recorded += 1
        if is_true:
            self.true += 1
        else:
            self.invented.append(what)

    def report(self):
        return {
            "kernel": self.expected,
            "recorded": self.found,
            "recall": self.found / self.expected if self.expected else 1.0,
            "claims": self.recorded,
            "precision": self.true / self.recorded if self.recorded else 1.0,
            "outside": self.outside,
            "misses": self.misses,
            "invented": self.invented,
        }


def compare(trace, runs, interpreter_folders, probe_folders):
    """Compares a trace with the runs' records."""
    tallies = {name: Tally() for name in ("files", "changes", "hosts", "bytes", "programs")}
    by_pid = {}
    for run in runs:
        by_pid.setdefault(int(run.hello["process.pid"]), []).append(run)
    claimed = set()
    for program in trace.programs:
        if not program.is_python:
            continue
        mine = by_pid.get(program.pid, [])
        if any(other.pid == program.pid and other.is_python and other is not program for other in trace.programs):
            mine = [run for run in mine if _is_of(run, program, trace)]
        records = [record for run in mine for record in run.activities.values()]
        claimed.update(id(run) for run in mine)
        _files(tallies["files"], tallies["changes"], program, mine, records, interpreter_folders, probe_folders)
        if program.is_child_of_fork and not mine:
            continue  # programs that it became are its maker's; a Python child without a record did nothing in scope, or shows above
        _network(tallies["hosts"], tallies["bytes"], program, records)
        _programs(tallies["programs"], program, records, by_pid, trace)
    faults = sorted({record.get("error.type", "?") for run in runs for record in run.activities.values() if record.type == "probe.error"})
    unclaimed = [run.path for run in runs if id(run) not in claimed]
    report = {name: tally.report() for name, tally in tallies.items()}
    report["runs"] = len(runs)
    report["faults"] = faults
    report["unclaimed"] = unclaimed
    expected = sum(tally.expected for tally in tallies.values())
    found = sum(tally.found for tally in tallies.values())
    claims = sum(tally.recorded for tally in tallies.values())
    true = sum(tally.true for tally in tallies.values())
    report["total"] = {"kernel": expected, "recorded": found, "recall": found / expected if expected else 1.0, "precision": true / claims if claims else 1.0}
    report["unexplained"] = [miss["what"] for tally in tallies.values() for miss in tally.misses if miss["why"] is None]
    report["invented"] = [what for tally in tallies.values() for what in tally.invented]
    report["is_true"] = report["total"]["recall"] >= NEEDED and not report["invented"] and not report["unexplained"] and not faults and not unclaimed
    return report


def _is_of(run, program, trace):
    """Whether a run belongs to this program of its process, where an exec made one Python of another."""
    same = [each for each in trace.programs if each.pid == program.pid and each.is_python]
    runs_kind = run.hello["sentinel.run.start_kind"]
    if runs_kind == "fork":
        return same[0] is program and program.is_child_of_fork
    own = [each for each in same if not each.is_child_of_fork]
    started = getattr(run, "order", None)
    if started is None:
        run.order = started = trace.__dict__.setdefault("orders", {}).setdefault(program.pid, [])
        started.append(run)
    at = started.index(run)
    return at < len(own) and own[at] is program


def _files(tally, changes, program, runs, records, interpreter_folders, probe_folders):
    opened = {(record["file.path"], record["sentinel.file.operation"]): record for record in records if record.type == "file.open"}
    databases = {record["db.namespace"] for record in records if record.type == "db.connect" and record.get("db.namespace", "").startswith("/")}
    scripts = {run.hello.get("sentinel.script.path") for run in runs} | {(run.end or {}).get("sentinel.script.path") for run in runs}
    named = "\n".join(sorted({path for path, _ in program.files} | {key[1] for key in program.changes}))
    for path, operation in sorted(program.files):
        if operation == "read" and (path in program.folders or path + "/" in named):
            tally.leave_out("system")
            continue
        is_found = (path, operation) in opened or (path in databases and operation in ("read", "write")) or (path in scripts and operation == "read")
        rule = rules.outside_file(path, operation, interpreter_folders, probe_folders, databases)
        if rule is not None and (path, operation) not in opened:
            tally.leave_out(rule)
        else:
            tally.expect(is_found, "%s %s (pid %d)" % (operation, path, program.pid), rules.explain(program, path))
    for path, operation in opened:
        tally.claim((path, operation) in program.files or (path, operation) in program.refused, "%s %s (pid %d)" % (operation, path, program.pid))
    recorded = {(record["sentinel.file.operation"], record["file.path"], record.get("sentinel.file.path.target")) for record in records if record.type == "file.change"}
    for key in sorted(program.changes, key=str):
        operation, path, _ = key
        rule = rules.outside_file(path, operation, interpreter_folders, probe_folders, databases)
        if rule is not None and key not in recorded:
            changes.leave_out(rule)
        else:
            changes.expect(key in recorded, "%s (pid %d)" % (" ".join(map(str, filter(None, key))), program.pid), rules.explain(program, path))
    for key in recorded:
        changes.claim(key in program.changes or key in program.refused_changes, "%s (pid %d)" % (" ".join(map(str, filter(None, key))), program.pid))


def _network(hosts, tally, program, records):
    connects = [record for record in records if record.type == "net.connect"]
    clear = {record.get("server.port", "443") for record in records if record.get("url.scheme") == "https"}
    for key in sorted(program.connects, key=str):
        transport, address, port = key
        rule = rules.outside_connect(key, program.traffic)
        matching = [record for record in connects if _is_host(record, transport, address, port)]
        if rule is not None and not matching:
            hosts.leave_out(rule)
            continue
        hosts.expect(bool(matching), "connect %s %s %s (pid %d)" % (transport, address, port, program.pid), rules.explain(program, ""))
        if transport == "unix" or not matching:
            continue
        seen = program.traffic.get((address, port), [0, 0])
        told = [sum(record.bytes_in for record in matching), sum(record.bytes_out for record in matching)]
        for index, direction in enumerate(("in from", "out to")):
            what = "%d of %d bytes %s %s:%s (pid %d)" % (told[index], seen[index], direction, address, port, program.pid)
            is_right = told[index] == seen[index] or str(port) in clear and bool(told[index]) == bool(seen[index])
            tally.expect(is_right or told[index] > seen[index], what, rules.explain(program, ""))
            tally.claim(told[index] <= seen[index] or is_right, what)
    attempted = {(key[1], key[2]) for key in program.connects}
    for record in connects:
        address = record.get("network.peer.address") or record.get("server.address")
        port = int(record["server.port"]) if "server.port" in record else None
        is_true = (address, port) in attempted or any(port == known for _, known in attempted) and not any(letter.isdigit() for letter in str(address)[-1:])
        hosts.claim(is_true, "connect %s %s (pid %d)" % (address, port, program.pid))
    for record in records:
        if record.type == "net.listen":
            port = int(record["network.local.port"]) if "network.local.port" in record else record.get("network.local.address")
            hosts.claim(port in program.listens, "listen %s (pid %d)" % (port, program.pid))


def _is_host(record, transport, address, port):
    told = {record.get("network.peer.address"), record.get("server.address")}
    if transport == "unix":
        return record.get("network.transport") == "unix" and (address in told or any(each and address.endswith(each) for each in told))
    return address in told and record.get("server.port") == str(port) and record.get("network.transport", transport) == transport


def _has_forked_run(program, by_pid):
    """Whether a fork has a record of its own that tells what it started."""
    return any(run.hello["sentinel.run.start_kind"] == "fork" and run.of("process.spawn") for run in by_pid.get(program.pid, ()))


def _programs(tally, program, records, by_pid, trace):
    spawned = []  # name, path, is shell
    for record in records:
        if record.type == "process.spawn":
            name, path = record["process.executable.name"], record.get("process.executable.path")
            spawned += [(name, path, record.get("sentinel.process.shell") == "true")] * record.count
    left = list(spawned)
    makers = [program, *[each for each in trace.programs if each.parent is program and each.is_child_of_fork and not _has_forked_run(each, by_pid)]]
    if program.is_child_of_fork and not spawned:
        return
    execs = [found for each in makers for found in each.execs]
    for path, arguments in execs:
        is_shell = os.path.basename(path) in ("sh", "bash", "dash") and arguments[1:2] == ["-c"]
        match = next((each for each in left if each[1] == path or each[1] and os.path.realpath(each[1]) == os.path.realpath(path)), None)
        match = match or next((each for each in left if is_shell and each[2]), None)
        match = match or next((each for each in left if each[0] == os.path.basename(path)), None)
        if match is not None:
            left.remove(match)
        has_run = any(each.path == path and each.arguments == arguments and each.is_python and each.pid in by_pid for each in trace.programs)
        tally.expect(match is not None or has_run, "start %s (pid %d)" % (path, program.pid), rules.explain(program, ""))
    refused = {os.path.basename(path) for each in makers for path in each.refused_execs}
    for each in spawned:
        tally.claim(each not in left or each[0] in refused, "start %s (pid %d)" % (each[0], program.pid))
