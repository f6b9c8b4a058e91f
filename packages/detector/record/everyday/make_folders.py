"""Makes the folders of a project."""

from pathlib import Path
for name in ("contract", "plans", "photos", "bills"):
    (Path("project 12") / name).mkdir(parents=True, exist_ok=True)
