"""Virtual environments with real packages, made once and kept in the repository's cache folder."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

CACHE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), ".cache", "venvs")


def environment(*requirements, python=sys.executable):
    """Path of the Python of an environment that has exactly these requirements, pinned like 'requests==2.34.1'.

    Made at the first call, by pip; several processes may ask at once. Raises RuntimeError with pip's words where that fails.
    """
    loose = [each for each in requirements if "==" not in each]
    if loose:
        raise ValueError("not pinned: %s" % loose)
    version = subprocess.run([python, "-c", "import sys; print(sys.version)"], stdout=subprocess.PIPE, check=True, env={}).stdout.decode()
    name = hashlib.sha256("\n".join([os.path.realpath(python), version, *sorted(requirements)]).encode()).hexdigest()[:16]
    folder = os.path.join(CACHE, name)
    os.makedirs(CACHE, exist_ok=True)
    with open(folder + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(os.path.join(folder, "complete")):
            shutil.rmtree(folder, ignore_errors=True)
            _run([python, "-m", "venv", folder])
            if requirements:
                _run([os.path.join(folder, "bin", "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", *requirements])
            with open(os.path.join(folder, "complete"), "w") as file:
                file.write("\n".join(requirements) + "\n")
    return os.path.join(folder, "bin", "python")


def _run(command):
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SENTINEL_SPOOL")}
    done = subprocess.run(command, env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if done.returncode:
        raise RuntimeError("%s\n%s" % (" ".join(command), done.stdout[-2000:]))
