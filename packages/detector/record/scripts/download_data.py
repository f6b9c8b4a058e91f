"""Fetches a table and saves it."""

import urllib.request

data = urllib.request.urlopen("http://scripts.example.net:8080/table.csv", timeout=10).read()
with open("table.csv", "wb") as file:
    file.write(data)
