"""Starts the probe, then behaves as if this file were not here.

`site` imports this module by name. It loads the probe's boot code by path (nothing of ours enters
`sys.path` or `sys.modules`), hands over to the `sitecustomize` that would have been found without it,
and, where there is none, fails as the import would have failed. An installed copy has the two constants
filled in and the boot code in front (see `installing`): one file less to open.
Old interpreters must be able to read this file: Python 2.7 and 3.0 to 3.7 only chain.
"""

import sys

HOME = None  # folder of the probe; None: this file lies in its _inject folder
SPOOL = None  # spool folder where SENTINEL_SPOOL is not set


def _start(home, spool):
    if sys.version_info < (3, 8) or sys.implementation.name != "cpython" or hasattr(sys, "_sentinel_probe"):
        return
    if not spool and "SENTINEL_SPOOL" not in sys.modules["os"].environ:
        return
    try:
        sys._sentinel_probe = None
        if "HANDLERS" in globals():  # an installed copy has the boot code above
            start(sys.modules["sitecustomize"], home, spool)  # noqa: F821
            return
        loader = sys.modules["_frozen_importlib_external"].SourceFileLoader("sentinel_probe.boot", home + "/boot.py")
        boot = type(sys)("sentinel_probe.boot")
        boot.__package__ = "sentinel_probe"
        exec(loader.get_code("sentinel_probe.boot"), boot.__dict__)
        boot.start(boot, home, spool)
    except Exception:
        pass


def _chain(here, leave):
    at = sys.path.index(here) + 1 if here in sys.path else 0
    rest = sys.path[at:]
    if leave:
        sys.path[:] = [entry for entry in sys.path if entry != here]
        sys.path_importer_cache.pop(here, None)
    if sys.version_info < (3, 4):  # noqa: UP036
        import imp

        imp.load_module("sitecustomize", *imp.find_module("sitecustomize", rest))
        return
    external = sys.modules["_frozen_importlib_external"]
    spec = external.PathFinder.find_spec("sitecustomize", rest)
    if spec is None or spec.loader is None:
        raise ImportError("No module named 'sitecustomize'", name="sitecustomize")
    module = sys.modules["_frozen_importlib"].module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


_here = __file__.replace("\\", "/").rpartition("/")[0] if HOME is None else __file__[: -len("/sitecustomize.py")]
_start(_here.rpartition("/")[0] if HOME is None else HOME, SPOOL)
try:
    _chain(__file__[: len(_here)], HOME is None)
except BaseException as error:
    if sys.version_info >= (3, 11):  # leave no frame of ours in what another sitecustomize raises
        trace = error.__traceback__
        while trace is not None and (trace.tb_frame.f_globals is globals() or trace.tb_frame.f_code.co_filename[:7] == "<frozen"):
            trace = trace.tb_next
        error.__traceback__ = trace
    raise
