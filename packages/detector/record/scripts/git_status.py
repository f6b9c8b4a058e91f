"""Says which version of git is there."""

import subprocess

print(subprocess.run(["git", "--version"], capture_output=True, text=True, check=False).stdout)
