"""Looks for a word in texts."""

from pathlib import Path
Path("texts").mkdir(exist_ok=True)
for n in range(30):
    (Path("texts") / f"{n}.txt").write_text("invoice" if n % 7 == 0 else "letter")
print([path.name for path in Path("texts").glob("*.txt") if "invoice" in path.read_text()])
