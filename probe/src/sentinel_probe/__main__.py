"""Runs a program under the probe: `python -m sentinel_probe [python arguments]`.

Takes what `python` takes. The program replaces this process; its spool file goes to `SENTINEL_SPOOL`.
"""

import os
import sys

from . import INJECT


def main() -> None:
    """Replaces this process by the same interpreter with the probe in front of PYTHONPATH."""
    if len(sys.argv) < 2:
        sys.exit("usage: python -m sentinel_probe SCRIPT [ARGUMENT]...   (SENTINEL_SPOOL names the spool folder)")
    environment = dict(os.environ)
    rest = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = INJECT + os.pathsep + rest if rest else INJECT
    os.execve(sys.executable, [sys.executable, *sys.argv[1:]], environment)


if __name__ == "__main__":
    main()
