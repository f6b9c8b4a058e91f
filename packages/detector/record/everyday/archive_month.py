"""Packs reports of a month into a zip."""

import zipfile
from pathlib import Path
with zipfile.ZipFile("november.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for path in Path(".").glob("*.csv"):
        archive.write(path)
