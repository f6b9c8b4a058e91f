"""The test suites of real packages, from their source distributions, with and without the probe.

requests, httpx: the whole suite but tests that need the internet. SQLAlchemy: its dialect-independent core and ORM tests on SQLite.
pandas: the input and output tests that its wheel carries and that need no data files, which it does not. psycopg2: the whole suite, against a private PostgreSQL;
psycopg 3's source distribution carries no tests.
"""

import os
import signal
import subprocess
import sys
import tarfile

from .. import environments
from . import known, outcomes
from .sides import CACHE, Sides, digest, pythons

SDISTS = os.path.join(os.path.dirname(environments.CACHE), "sdists")
SECONDS = 1800
_PYTEST = ("pytest==9.2.0", "pluggy==1.6.0")

#: Requirements; source distribution; pytest's arguments below its folder ("" where an installed module is named).
PACKAGES = {
    "requests": {
        "needs": ("requests==2.34.2", *_PYTEST, "pytest-httpbin==2.1.0", "pytest-mock==3.17.0", "trustme==1.2.1", "PySocks==1.7.1"),
        "sdist": "requests==2.34.2",
        "run": ("-m", "pytest", "tests"),
    },
    "httpx": {
        "needs": ("httpx[brotli,cli,http2,socks,zstd]==0.28.1", *_PYTEST, "trio==0.35.0", "uvicorn==0.35.0", "chardet==5.2.0", "trustme==1.2.1"),
        "sdist": "httpx==0.28.1",
        "run": ("-m", "pytest", "tests", "-W", "ignore"),
    },
    "psycopg2": {
        "needs": ("psycopg2-binary==2.9.13", *_PYTEST),
        "sdist": "psycopg2==2.9.13",
        "run": ("-m", "pytest", "tests"),
        "service": "postgres",
    },
    "SQLAlchemy": {
        "needs": ("SQLAlchemy==2.0.44", "pytest==8.4.2"),
        "sdist": "SQLAlchemy==2.0.44",
        "run": ("-m", "pytest", "test/dialect/sqlite", "test/sql/test_query.py", "test/sql/test_resultset.py", "test/sql/test_types.py", "test/sql/test_insert_exec.py",
                "test/sql/test_returning.py", "test/engine/test_execute.py", "test/engine/test_transaction.py", "test/orm/test_unitofwork.py", "test/orm/test_session.py",
                "test/orm/test_loading.py", "--db", "sqlite_file"),
    },
    "pandas": {
        "needs": ("pandas==3.1.1", "openpyxl==3.1.5", "xlrd==2.0.2", "xlsxwriter==3.3.1", "SQLAlchemy==2.1.9", "lxml==6.1.1", "hypothesis==6.170.15", *_PYTEST),
        "sdist": None,
        "run": ("-m", "pytest", "--pyargs", "pandas.tests.io.parser.common", "pandas.tests.io.excel", "pandas.tests.io.test_sql", "pandas.tests.io.test_pickle",
                "pandas.tests.io.test_common", "pandas.tests.io.json", "-m", "not network and not slow and not db"),
    },
}  # fmt: skip


def compare_all(options, say):
    """Results of every package, kept like those of CPython's tests."""
    python = (options.python or "3.11").split(",")[0]
    only = options.only.split(",") if options.only else list(PACKAGES)
    results = []
    now = digest()
    with Sides(pythons()[python], options.route) as sides:
        for name in only:
            path = os.path.join(CACHE, "packages-%s-%s" % (python, options.route), name + ".json")
            result = None if options.again else outcomes.load(path)
            if result is None or (result["probe"] != now and not options.any_probe):
                result = compare_package(sides, name, pythons()[python], path)
                result.update(version=python, route=options.route)
                outcomes.keep(path, result)
            result["unexplained"] = known.unexplained(name, result["differences"])
            say(result, "%s %s %s" % (python, options.route, name))
            results.append(result)
    return results


def source(requirement):
    """Folder of an unpacked source distribution, downloaded by pip at the first call."""
    name, _, version = requirement.partition("==")
    folder = os.path.join(SDISTS, "%s-%s" % (name.lower(), version))
    if not os.path.isdir(folder):
        os.makedirs(SDISTS, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", name, "-d", SDISTS, requirement]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
        archives = [each for each in os.listdir(SDISTS) if each.lower() == "%s-%s.tar.gz" % (name.lower(), version)]
        if not archives:
            raise RuntimeError("no source distribution of %s\n%s" % (requirement, done.stdout[-2000:]))
        with tarfile.open(os.path.join(SDISTS, archives[0])) as archive:
            top = archive.getnames()[0].split("/")[0]
            archive.extractall(SDISTS)
        if os.path.join(SDISTS, top) != folder:
            os.rename(os.path.join(SDISTS, top), folder)
    return folder


def compare_package(sides, name, python, kept):
    """Runs one package's suite on both sides."""
    package = PACKAGES[name]
    interpreter = environments.environment(*package["needs"], python=python)
    site = subprocess.run([interpreter, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], stdout=subprocess.PIPE, check=True, universal_newlines=True)
    folder = source(package["sdist"]) if package["sdist"] else sides.folder
    service = None
    more = {"PYTHONPATH": site.stdout.strip(), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    if package.get("service"):
        from .. import services

        service = getattr(services, package["service"])()
        more.update(PSYCOPG2_TESTDB=service.database, PSYCOPG2_TESTDB_HOST=service.host, PSYCOPG2_TESTDB_PORT=str(service.port), PSYCOPG2_TESTDB_USER=service.user, PSYCOPG2_TESTDB_PASSWORD=service.password)
    logs = {}
    witness = {"runs": 0, "activities": 0, "faults": {}, "told": ""}

    def run(is_probed, number):
        report = os.path.join(sides.folder, "report.xml")
        if os.path.exists(report):
            os.remove(report)
        sides.fresh_spool()
        work = os.path.join(sides.folder, "work")
        os.makedirs(work, exist_ok=True)
        environment = sides.environment(is_probed, TMPDIR=work, **more)
        if is_probed and sides.route == "path":
            environment["PYTHONPATH"] = os.pathsep.join([os.path.join(sides.copy, "_inject"), more["PYTHONPATH"]])
        command = [sides.probed if is_probed else sides.bare, *package["run"], "-q", "-p", "no:cacheprovider", "--junit-xml", report]
        with open(os.path.join(sides.folder, "log.txt"), "wb") as log:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                code = process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                code = "no end within %d s" % SECONDS
            finally:
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except OSError:
                    pass
                process.wait()
        with open(os.path.join(sides.folder, "log.txt"), encoding="utf-8", errors="replace") as log:
            logs[is_probed] = log.read()
        found = outcomes.read_junit(report)
        found["(suite)"] = "exit %s" % code if code else "passed"
        if is_probed:
            seen = sides.witness()
            witness["runs"] += seen["runs"]
            witness["activities"] += seen["activities"]
            witness["told"] += seen["told"][:20000]
            for kind, count in seen["faults"].items():
                witness["faults"][kind] = witness["faults"].get(kind, 0) + count
        return found

    try:
        result = outcomes.compare(run)
    finally:
        if service is not None:
            service.stop()
    result.update(suite=name, probe=sides.digest, witness=witness, needs=package["needs"], seconds=0)
    os.makedirs(os.path.dirname(kept), exist_ok=True)
    for is_probed, text in logs.items():
        with open("%s.%s.log" % (kept[:-5], "probed" if is_probed else "bare"), "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    return result
