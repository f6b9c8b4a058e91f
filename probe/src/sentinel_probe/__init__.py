"""Sentinel's probe: observes a Python program from inside its interpreter.

Nothing here is imported when the probe is injected (see `boot`); this package exists for
`python -m sentinel_probe`, for tests and for type checkers.
"""

import os

#: Folder that goes in front of PYTHONPATH to start the probe in a program and in its children.
INJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_inject")
