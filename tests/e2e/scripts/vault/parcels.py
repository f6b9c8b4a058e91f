"""Prints where parcels are, as a table."""

from tabulate import tabulate

PARCELS = [("A-17", "Hamburg", 3), ("B-02", "Lyon", 1), ("C-99", "Porto", 12)]

print(tabulate(sorted(PARCELS, key=lambda parcel: parcel[2]), headers=["parcel", "place", "days"], tablefmt="github"))
