"""Gives the photos of a folder names with a number."""

from pathlib import Path

folder = Path("photos")
folder.mkdir(exist_ok=True)
for number in range(5):
    (folder / f"IMG_{number}.jpg").write_bytes(b"x" * 100)
for number, path in enumerate(sorted(folder.glob("IMG_*.jpg"))):
    path.rename(folder / f"holiday {number:03d}.jpg")
