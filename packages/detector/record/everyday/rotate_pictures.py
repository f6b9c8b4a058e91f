"""Sorts pictures into folders by month."""

from pathlib import Path
for n in range(12):
    Path(f"img-{n:02}.jpg").write_bytes(b"\xff\xd8" + bytes(2000))
for path in Path(".").glob("img-*.jpg"):
    folder = Path("pictures") / path.stem[-2:]
    folder.mkdir(parents=True, exist_ok=True)
    path.rename(folder / path.name)
