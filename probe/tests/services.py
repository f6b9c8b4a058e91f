"""Private database servers for tests: on a free port of the loopback interface, in a temporary folder, gone with the test.

Each function gives a started `Service`, or raises unittest.SkipTest where the server is not installed. Debian packages: postgresql, mariadb-server-core,
redis-server, unixodbc with libsqliteodbc, odbc-postgresql and odbc-mariadb (tools/test.ts installs them where it may).
Started as another user where the tests run as root, because PostgreSQL refuses root.
"""

import atexit
import fcntl
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from .environments import CACHE

PASSWORD = "s3cret-Passw0rd"
DATABASE = "shop"


class Service:
    """A running server: host, port, user, password, database."""

    def __init__(self, name, user, database):
        self.name, self.user, self.password, self.database = name, user, PASSWORD, database
        self.host, self.port = "127.0.0.1", free_port()
        self.folder = tempfile.mkdtemp(prefix="sentinel-%s-" % name)
        self.process = None
        self.owner = owner()
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)

    def run(self, command, **more):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=self._step_down, cwd=self.folder, **more)
        if done.returncode:
            raise RuntimeError("%s\n%s" % (command, done.stdout.decode("utf-8", "replace")[-2000:]))
        return done.stdout.decode("utf-8", "replace")

    def start(self, command, is_ready, input=None):
        with open(os.path.join(self.folder, "log"), "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=self._step_down, cwd=self.folder)
        atexit.register(self.stop)
        limit = time.monotonic() + 60
        while not is_ready(self):
            if self.process.poll() is not None or time.monotonic() > limit:
                with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as log:
                    text = log.read()[-2000:]
                self.stop()
                raise RuntimeError("%s does not start: %s" % (self.name, text))
            time.sleep(0.05)
        return self

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT if self.name == "postgres" else signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _step_down(self):
        os.setsid()
        if self.owner:
            os.setgid(self.owner.pw_gid)
            os.setuid(self.owner.pw_uid)


def owner():
    """Account that servers run under; None: the current one."""
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    return None


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def find(*patterns):
    """First program that exists; a SkipTest names the package otherwise."""
    for pattern in patterns:
        found = sorted(glob.glob(pattern), reverse=True) if "/" in pattern else [each for each in [shutil.which(pattern)] if each]
        if found:
            return found[0]
    raise unittest.SkipTest("%s is not installed" % os.path.basename(patterns[0]))


def accepts(service):
    try:
        socket.create_connection((service.host, service.port), 0.5).close()
        return True
    except OSError:
        return False


_shared = {}


def shared(make):
    """One server of a kind for all tests of this process; stopped at its end."""
    if make not in _shared:
        _shared[make] = make()
    return _shared[make]


def postgres():
    """PostgreSQL with a password for its user `clerk` and the database `shop`."""
    folder = os.path.dirname(find("/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb", "initdb"))
    service = Service("postgres", "clerk", DATABASE)
    secret = os.path.join(service.folder, "password")
    with open(secret, "w") as file:
        file.write(PASSWORD)
    os.chmod(secret, 0o644)
    place = os.path.join(service.folder, "data")
    service.run([folder + "/initdb", "-D", place, "-U", "clerk", "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync", "--locale", "C"])
    options = {
        "fsync": "off",
        "unix_socket_directories": service.folder,
        "listen_addresses": service.host,
        "port": service.port,
        "max_connections": 40,
        "shared_buffers": "16MB",
    }
    words = [word for name, value in options.items() for word in ("-c", "%s=%s" % (name, value))]
    service.start([folder + "/postgres", "-D", place, *words], accepts)
    clean = {"PGPASSWORD": PASSWORD, "PATH": os.environ["PATH"]}
    limit = time.monotonic() + 20
    while True:
        try:
            service.run([folder + "/createdb", "-h", service.host, "-p", str(service.port), "-U", "clerk", DATABASE], env=clean)
            return service
        except RuntimeError:  # still starting up
            if time.monotonic() > limit:
                raise
            time.sleep(0.1)


def mariadb():
    """MariaDB with the user `clerk`, its password and the database `shop`; no other account has a password."""
    program = find("/usr/sbin/mariadbd", "mariadbd", "mysqld")
    service = Service("mariadb", "clerk", DATABASE)
    place = os.path.join(service.folder, "data")
    service.run([find("mariadb-install-db"), "--no-defaults", "--datadir=" + place, "--auth-root-authentication-method=normal", "--skip-test-db"])
    init = os.path.join(service.folder, "init.sql")
    with open(init, "w") as file:
        file.write(
            "CREATE DATABASE %s;\nCREATE DATABASE other;\nCREATE USER clerk@'%%' IDENTIFIED BY '%s';\nGRANT ALL ON *.* TO clerk@'%%';\n" % (DATABASE, PASSWORD)
        )
    os.chmod(init, 0o644)
    path = os.path.join(service.folder, "s.sock")
    command = [
        program,
        "--no-defaults",
        "--datadir=" + place,
        "--socket=" + path,
        "--bind-address=127.0.0.1",
        "--port=%d" % service.port,
        "--init-file=" + init,
    ]
    return service.start([*command, "--innodb-flush-log-at-trx-commit=0", "--local-infile=1"], accepts)


def redis():
    """Redis without a password."""
    program = find("redis-server")
    service = Service("redis", "clerk", "0")
    command = [
        program,
        "--port",
        str(service.port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        service.folder,
        "--user",
        "clerk",
        "on",
        ">" + PASSWORD,
        "~*",
        "&*",
        "+@all",
    ]
    return service.start(command, accepts)


MONGO = "1.47.0"
_START = """import de.bwaldvogel.mongo.*;
public class Start {
    public static void main(String[] words) throws Exception {
        new MongoServer(new backend.memory.MemoryBackend().version(ServerVersion.MONGO_5_0)).bind("127.0.0.1", Integer.parseInt(words[0]));
        Thread.currentThread().join();
    }
}
"""


def mongodb():
    """mongo-java-server: the commands and the wire of MongoDB 5.0 over a store in memory, without accounts. Fetched once from Maven Central by Maven itself.

    Not MongoDB: no package of Debian, PyPI, npm or Maven Central contains that server's program.
    """
    java, maven = find("java"), find("mvn")
    find("javac")
    folder = os.path.join(os.path.dirname(CACHE), "mongo-java-server-" + MONGO)
    os.makedirs(folder, exist_ok=True)
    with open(folder + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(os.path.join(folder, "complete")):
            parts = "<groupId>de.bwaldvogel</groupId><artifactId>mongo-java-server</artifactId><version>%s</version>" % MONGO
            project = "<modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version>"
            with open(os.path.join(folder, "pom.xml"), "w") as file:
                file.write("<project>%s<dependencies><dependency>%s</dependency></dependencies></project>" % (project, parts))
            with open(os.path.join(folder, "Start.java"), "w") as file:
                file.write(_START.replace("new backend.memory", "new de.bwaldvogel.mongo.backend.memory"))
            command = [maven, "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"]
            done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                raise unittest.SkipTest("mongo-java-server cannot be had: " + done.stdout.decode("utf-8", "replace")[-300:])
            open(os.path.join(folder, "complete"), "w").close()
    service = Service("mongodb", None, DATABASE)
    service.owner = None
    return service.start([java, "-Xmx96m", "-cp", os.path.join(folder, "lib", "*"), os.path.join(folder, "Start.java"), str(service.port)], accepts)


def odbc_drivers():
    """Names of the installed ODBC drivers."""
    program = find("odbcinst")
    done = subprocess.run([program, "-q", "-d"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return [line.strip("[]") for line in done.stdout.decode().splitlines()]
