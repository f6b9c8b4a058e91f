"""Measures the probe beside other people's instrumentations, all in one interleaved run against the same program without any.

    python3 probe/bench/bench_anchors.py [--reps N] [--starts N] [--only WORKLOAD,...] [--json]

Each has a virtual environment of its own with the same libraries; all run on interpreter prefixes made alike. `again` is bare against bare: the noise.
How each is put in: the probe by `sitecustomize` in the library folder, OpenTelemetry and ddtrace by the `sitecustomize` of theirs that PYTHONPATH names (what
their wrapper commands do), Sentry and Aikido by the call that they ask for in the first line. Whatever they would report to is absent: OpenTelemetry's
exporters are `none`, Sentry's and ddtrace's addresses refuse connections, Aikido's daemon is off (so its figures are a floor).
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

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "src"), os.path.dirname(HERE)]
from bench_probe import SERVER, make_prefix  # noqa: E402
from tests.environments import environment  # noqa: E402

LIBRARIES = ("requests==2.34.2", "SQLAlchemy==2.0.44", "openai==3.52.0", "httpx==0.28.1", "flask==3.1.3")
_CONTRIB = "0.66b1"
#: Requirements, PYTHONPATH folder below site-packages, variables, first line of the program.
ANCHORS = {
    "OpenTelemetry": (
        (
            *("opentelemetry-distro==" + _CONTRIB, "opentelemetry-instrumentation-requests==" + _CONTRIB, "opentelemetry-instrumentation-sqlite3==" + _CONTRIB),
            *("opentelemetry-instrumentation-sqlalchemy==" + _CONTRIB, "opentelemetry-instrumentation-urllib3==" + _CONTRIB),
            *("opentelemetry-instrumentation-httpx==" + _CONTRIB, "opentelemetry-instrumentation-flask==" + _CONTRIB, "opentelemetry-instrumentation-logging==" + _CONTRIB),
            *("opentelemetry-instrumentation-urllib==" + _CONTRIB, "opentelemetry-instrumentation-threading==" + _CONTRIB),
        ),
        "opentelemetry/instrumentation/auto_instrumentation",
        {"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"},
        "",
    ),
    "Sentry": (("sentry-sdk==2.75.0",), None, {}, "import sentry_sdk; sentry_sdk.init('http://key@127.0.0.1:9/1', traces_sample_rate=1.0, shutdown_timeout=0)\n"),
    "ddtrace": (
        ("ddtrace==4.16.0",),
        "ddtrace/bootstrap",
        {
            **{"DD_TRACE_AGENT_URL": "http://127.0.0.1:9", "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "false", "DD_REMOTE_CONFIGURATION_ENABLED": "false"},
            **{"DD_TRACE_STARTUP_LOGS": "false"},
        },
        "import logging; logging.getLogger('ddtrace').setLevel(logging.CRITICAL)\n",
    ),
    "Aikido": (("aikido_zen==1.2.37",), None, {}, "import aikido_zen; aikido_zen.protect('daemon_disabled')\n"),
}

WORKLOADS = {
    "start": "pass",
    "requests": "import requests\ns = requests.Session()\nfor i in range(200): s.get('http://127.0.0.1:%d/users/%d' % (PORT, i)).content",
    "subprocess": "import subprocess\nfor i in range(60): subprocess.run(['/bin/true'])",
    "SQLAlchemy": """
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, Session
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = 'users'
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
engine = create_engine('sqlite://'); Base.metadata.create_all(engine)
with Session(engine) as session:
    for turn in range(3):
        session.add_all([User(name='n%d' % i) for i in range(500)]); session.commit()
    for i in range(300): session.scalars(select(User).where(User.id == i)).all()
""",
    "logging": "import logging\nlogging.basicConfig(filename=HERE + '/log.txt')\nfor i in range(10000): logging.warning('line %d', i)",
    "file opens": "for i in range(10000):\n    with open(HERE + '/data.txt') as f: f.read()",
    "sqlite": "import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute('create table t(a,b)')\nx = c.cursor()\nfor i in range(15000): x.execute('insert into t values(?,?)', (i, i))",
}


def site_packages(python):
    """Folder of an environment's packages."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return subprocess.run([python, "-c", code], stdout=subprocess.PIPE, check=True, text=True).stdout.strip()


def run(command, variables, log):
    """Runs a program to its end; gives wall seconds, or None if it failed."""
    begin = time.perf_counter()
    actions = [(os.POSIX_SPAWN_DUP2, log.fileno(), 1), (os.POSIX_SPAWN_DUP2, log.fileno(), 2)]
    code = os.waitpid(os.posix_spawn(command[0], command, variables, file_actions=actions), 0)[1]
    return None if code else time.perf_counter() - begin


def prepare(folder, spool):
    """Sides by name: interpreter, variables, first line; and why some are missing."""
    sides, missing = {}, {}
    plain = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8"}
    site = site_packages(environment(*LIBRARIES))
    bare = make_prefix(os.path.join(folder, "bare"), False)
    probed = make_prefix(os.path.join(folder, "prob"), True)
    sides["bare"] = sides["again"] = (bare, dict(plain, PYTHONPATH=site), "")
    sides["probe"] = (probed, dict(plain, PYTHONPATH=site, SENTINEL_SPOOL=spool), "")
    for name, (needs, boot, variables, line) in ANCHORS.items():
        try:
            site = site_packages(environment(*LIBRARIES, *needs))
        except RuntimeError as error:
            missing[name] = str(error).strip().split("\n")[-1]
            continue
        path = os.pathsep.join([os.path.join(site, boot), site]) if boot else site
        sides[name] = (bare, dict(plain, PYTHONPATH=path, **variables), line)
    return sides, missing


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reps", type=int, default=7, help="runs of each workload")
    parser.add_argument("--starts", type=int, default=25, help="runs of each start")
    parser.add_argument("--only", help="comma-separated names of workloads")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="sentinel-anchors-")
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE)
    try:
        port = int(server.stdout.readline())
        spool = os.path.join(folder, "spool")
        os.mkdir(spool)
        with open(os.path.join(folder, "data.txt"), "w") as file:
            file.write("x" * 100)
        sides, missing = prepare(folder, spool)
        report = {"python": sys.version.split()[0], "reps": options.reps, "starts": options.starts, "missing": missing, "workloads": {}}
        with open(os.path.join(folder, "output.txt"), "wb") as log:
            for workload, text in WORKLOADS.items():
                if options.only and workload not in options.only.split(","):
                    continue
                commands = {}
                for name, (python, variables, line) in sides.items():
                    script = os.path.join(folder, "work_%s.py" % name)
                    with open(script, "w") as file:
                        file.write("%sHERE = %r\nPORT = %d\n%s\n" % (line, folder, port, text))
                    commands[name] = ([python, script], variables)
                times = {name: [] for name in commands}
                failed = {name for name, command in commands.items() if run(*command, log) is None}
                for _ in range(options.starts if workload == "start" else options.reps):
                    names = [name for name in commands if name not in failed]
                    random.shuffle(names)
                    for name in names:
                        taken = run(*commands[name], log)
                        if taken is not None:
                            times[name].append(taken)
                base = statistics.median(times["bare"])
                report["workloads"][workload] = {
                    name: {"ms": round(statistics.median(each) * 1000, 2), "ratio": round(statistics.median(each) / base, 3)} for name, each in times.items() if each
                }
        if options.json:
            print(json.dumps(report))
        else:
            show(report)
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


def show(report):
    """Prints the table of ratios."""
    names = ["again", "probe", *ANCHORS]
    print("Python %s, ratios against bare, one interleaved run" % report["python"])
    print("%-12s %10s %s" % ("", "bare", " ".join("%14s" % name for name in names)))
    for workload, sides in report["workloads"].items():
        cells = ["%14s" % ("x%.3f" % sides[name]["ratio"] if name in sides else "-") for name in names]
        print("%-12s %7.1f ms %s" % (workload, sides["bare"]["ms"], " ".join(cells)))
    for name, why in report["missing"].items():
        print("%s is missing: %s" % (name, why))


if __name__ == "__main__":
    main()
