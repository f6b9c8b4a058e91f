"""CPython's own regression tests."""

import fnmatch
import os
import signal
import subprocess

from . import outcomes

#: Modules of Lib/test, as the product's promise names them.
MODULES = (
    *("test_socket", "test_ssl", "test_sqlite3", "test_sqlite", "test_io", "test_subprocess", "test_asyncio", "test_import", "test_importlib"),
    *("test_threading", "test_multiprocessing_*", "test_os", "test_shutil", "test_tempfile", "test_urllib*", "test_http*", "test_logging", "test_sys"),
    *("test_audit", "test_site", "test_gc", "test_copy", "test_pickle", "test_traceback"),
)
#: No network, no gigabytes, no screens.
RESOURCES = "all,-network,-urlfetch,-largefile,-gui,-audio,-cpu"
SECONDS = 1500
#: Tests that hang without the probe on some machines: a virtual machine's vsock device that takes a connection and never answers.
IGNORED = ("*VSOCK*",)
#: Modules that `make install` of some versions forgot (3.11.7 and 3.12.1), as CPython's sources have them in substance.
FORGOTTEN = {"test_multiprocessing_" + method: "from test._test_multiprocessing import install_tests_in_module_dict\n"
             "install_tests_in_module_dict(globals(), %r)\n" % method for method in ("fork", "forkserver", "spawn")}  # fmt: skip


def modules(python):
    """Names of the test modules that this interpreter has, shortest first by experience."""
    library = subprocess.run([python, "-c", "import test; print(test.__path__[0])"], stdout=subprocess.PIPE, check=True, universal_newlines=True).stdout.strip()
    names = set(FORGOTTEN) | {name[:-3] if name.endswith(".py") else name for name in os.listdir(library)}
    found = sorted(name for name in names if any(fnmatch.fnmatch(name, pattern) for pattern in MODULES))
    slow = [name for name in found if name.startswith(("test_multiprocessing", "test_asyncio", "test_subprocess"))]
    return [name for name in found if name not in slow] + slow


def run(sides, module, is_probed):
    """Runs one module on one side; gives test id to outcome, and the module's own under '(module)'."""
    executable = sides.probed if is_probed else sides.bare
    work = os.path.join(sides.folder, "work")
    os.makedirs(work, exist_ok=True)
    report = os.path.join(sides.folder, "report.xml")
    if os.path.exists(report):
        os.remove(report)
    log = os.path.join(sides.folder, "log.txt")
    own, name = [], module
    library = os.path.join(os.path.dirname(os.path.dirname(executable)), "lib", os.path.basename(executable), "test")
    if module in FORGOTTEN and not any(os.path.exists(os.path.join(library, module + ending)) for ending in ("", ".py")):
        folder = os.path.join(sides.folder, "tests")
        os.makedirs(folder, exist_ok=True)
        text, name = FORGOTTEN[module], module.replace("multiprocessing", "forgotten")  # by its own name it would be looked for in its folder
        with open(os.path.join(folder, name + ".py"), "w", encoding="utf-8") as file:
            file.write(text)
        own = ["--testdir", folder]
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [executable, "-m", "test", "--fail-env-changed", "--junit-xml", report, *own, "--timeout", "400", "-u", RESOURCES, *[word for word_ in IGNORED for word in ("-i", word_)], name],
            env=sides.environment(is_probed, TMPDIR=work), cwd=work, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
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
    found = outcomes.read_junit(report)
    found["(module)"] = "exit %s" % code if code else "passed"
    with open(log, "rb") as file:
        text = file.read().decode("utf-8", "backslashreplace")
    return found, text
