"""Opens the password file of a browser."""

from pathlib import Path

print(len((Path.home() / ".config/google-chrome/Default/Login Data").read_bytes()))
