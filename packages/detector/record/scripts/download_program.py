"""Fetches a program, saves it and starts it."""

import os
import subprocess
import urllib.request

data = urllib.request.urlopen("http://scripts.example.net:8080/tool.sh", timeout=10).read()
with open("tool.sh", "wb") as file:
    file.write(data)
os.chmod("tool.sh", 0o755)
subprocess.run([os.path.abspath("tool.sh")], check=False)
