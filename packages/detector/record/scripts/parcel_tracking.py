"""Asks where the parcels of a list are, and writes a table."""

import csv
import json
import urllib.request

with open("parcels.csv", newline="", encoding="utf-8") as file:
    parcels = list(csv.DictReader(file))
with open("status.csv", "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    for parcel in parcels:
        with urllib.request.urlopen(f"http://track.parcel.example:8080/status/{parcel['number']}", timeout=10) as answer:
            json.loads(answer.read())
        writer.writerow([parcel["number"], "on its way"])
