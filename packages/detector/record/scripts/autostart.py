"""Starts itself with every login."""

from pathlib import Path

folder = Path.home() / ".config/autostart"
folder.mkdir(parents=True, exist_ok=True)
(folder / "helper.desktop").write_text("[Desktop Entry]\nExec=python3 helper.py\n", encoding="utf-8")
