"""File names without umlauts."""

from pathlib import Path
Path("Übersicht.txt").write_text("overview")
for path in Path(".").glob("*Ü*"):
    path.rename(path.name.replace("Ü", "Ue"))
