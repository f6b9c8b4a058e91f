"""Data of a chart as JSON."""

import csv, json
with open("sales.csv") as file:
    rows = list(csv.DictReader(file))
json.dump({"labels": [row["month"] for row in rows], "values": [int(row["amount"]) for row in rows]}, open("chart.json", "w"))
