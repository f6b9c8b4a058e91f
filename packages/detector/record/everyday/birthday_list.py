"""Sorts a list of birthdays of the team."""

import csv
rows = [("Ann", "03-12"), ("Bob", "11-02"), ("Cem", "07-30")]
with open("birthdays.csv", "w", newline="") as file:
    csv.writer(file).writerows(sorted(rows, key=lambda row: row[1]))
