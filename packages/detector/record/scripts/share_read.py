"""Reads the pay list on the share of the personnel department."""

with open("/mnt/share/hr/pay.csv", encoding="utf-8") as file:
    print(len(file.readlines()))
