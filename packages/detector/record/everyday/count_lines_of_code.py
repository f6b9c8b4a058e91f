"""Counts lines of scripts."""

from pathlib import Path
print(sum(len(path.read_text().splitlines()) for path in Path(".").glob("*.py")))
