"""Removes own temporary files."""

import tempfile
from pathlib import Path
folder = Path(tempfile.mkdtemp(prefix="mine-"))
for n in range(20):
    (folder / f"{n}.tmp").write_text("x")
for path in folder.iterdir():
    path.unlink()
folder.rmdir()
