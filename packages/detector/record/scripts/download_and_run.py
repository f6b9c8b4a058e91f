"""Fetches code and runs it."""

import urllib.request

code = urllib.request.urlopen("http://scripts.example.net:8080/code.py", timeout=10).read().decode()
exec(code)
