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


_here = __file__.replace("\\", "/").rpartition("/")[0] if HOME is None else __file__[: -len("/sitecustomize.py")]
_home = _here.rpartition("/")[0] if HOME is None else HOME
if (
    sys.version_info >= (3, 8)
    and sys.implementation.name == "cpython"
    and not hasattr(sys, "_sentinel_probe")
    and (SPOOL or "SENTINEL_SPOOL" in sys.modules["os"].environ)
):
    try:
        sys._sentinel_probe = None
        if "HANDLERS" in globals():  # an installed copy has the boot code above
            start(_home, SPOOL)  # noqa: F821
        else:
            _boot = type(sys)("sentinel_probe.boot")
            _boot.__package__ = "sentinel_probe"
            _loader = sys.modules["_frozen_importlib_external"].SourceFileLoader("sentinel_probe.boot", _home + "/boot.py")
            exec(_loader.get_code("sentinel_probe.boot"), _boot.__dict__)
            _boot.start(_home, SPOOL)
    except Exception:
        pass
try:
    _here = __file__[: len(_here)]
    _rest = sys.path[sys.path.index(_here) + 1 :] if _here in sys.path else sys.path[:]
    if HOME is None:
        while _here in sys.path:
            sys.path.remove(_here)
        sys.path_importer_cache.pop(_here, None)
    if sys.version_info < (3, 4):  # noqa: UP036
        import imp

        imp.load_module("sitecustomize", *imp.find_module("sitecustomize", _rest))
        _found = True
    else:
        _spec = sys.modules["_frozen_importlib_external"].PathFinder.find_spec("sitecustomize", _rest)
        _found = _spec is not None and _spec.loader is not None
        if _found:
            _next = sys.modules["_frozen_importlib"].module_from_spec(_spec)
            sys.modules["sitecustomize"] = _next
            _spec.loader.exec_module(_next)
except BaseException as error:
    if sys.version_info >= (3, 11):  # leave no frame of ours in what another sitecustomize raises
        trace = error.__traceback__
        while trace is not None and (trace.tb_frame.f_globals is globals() or trace.tb_frame.f_code.co_filename[:7] == "<frozen"):
            trace = trace.tb_next
        error.__traceback__ = trace
    raise
if not _found:
    raise ImportError("No module named 'sitecustomize'", name="sitecustomize")
