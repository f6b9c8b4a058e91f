"""A list of things into a table."""

import csv, json
things = json.loads('[{"id": 1, "colour": "red"}, {"id": 2, "colour": "blue"}]')
with open("things.csv", "w", newline="") as file:
    writer = csv.DictWriter(file, ["id", "colour"])
    writer.writeheader()
    writer.writerows(things)
