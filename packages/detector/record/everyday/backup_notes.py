"""Copies notes into a backup folder."""

import shutil
from pathlib import Path
Path("notes").mkdir(exist_ok=True)
Path("notes/today.txt").write_text("call the printer service\n" * 40)
shutil.copytree("notes", "notes-backup", dirs_exist_ok=True)
