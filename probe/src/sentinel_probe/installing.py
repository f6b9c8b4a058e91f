"""Text of the `sitecustomize.py` that goes into an interpreter's own library folder."""

import os

FOLDER = os.path.dirname(os.path.abspath(__file__))


def sitecustomize_text(home: str = FOLDER, spool: "str | None" = None) -> str:
    """Gives the file's text: the boot code, then the entry with the probe's folder and the spool folder filled in.

    `spool` is used where SENTINEL_SPOOL is not set; None leaves such programs alone.
    """
    with open(os.path.join(FOLDER, "boot.py"), encoding="utf-8") as file:
        boot = file.read()
    with open(os.path.join(FOLDER, "_inject", "sitecustomize.py"), encoding="utf-8") as file:
        entry = file.read()
    entry = entry.replace("\nHOME = None", "\nHOME = " + repr(home)).replace("\nSPOOL = None", "\nSPOOL = " + repr(spool))
    return boot.replace('\nVERSION = ', '\n__name__ = "sentinel_probe.boot"\n__package__ = "sentinel_probe"\nVERSION = ', 1) + "\n\n" + entry
