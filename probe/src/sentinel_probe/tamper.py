"""What a script does that could blind the probe, told before it takes effect.

Against code that runs with the same rights this is detection, not containment: see docs/sensors.md.
"""

from . import boot, core


def report(kind: str) -> None:
    """Counts a reach for the probe and writes it at once: the next call might be the one that silences us."""
    core.slow(_count, kind)


def _count(kind: str) -> None:
    core.count("probe.tamper", (("sentinel.tamper.kind", kind),))
    boot.STATE.written = 0.0
