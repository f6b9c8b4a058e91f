"""Puts numbers on lines of a text."""

from pathlib import Path
text = Path("sales.csv").read_text().splitlines()
Path("numbered.txt").write_text("\n".join(f"{n:>4} {line}" for n, line in enumerate(text, 1)))
