"""Asks a host very often."""

import http.client

connection = http.client.HTTPConnection("track.parcel.example", 8080, timeout=10)
for number in range(300):
    connection.request("GET", f"/status/{number}")
    connection.getresponse().read()
