"""Reads settings of a program."""

import configparser
from pathlib import Path
Path("tool.ini").write_text("[window]\nwidth = 800\nheight = 600\n")
settings = configparser.ConfigParser()
settings.read("tool.ini")
print(settings["window"]["width"])
