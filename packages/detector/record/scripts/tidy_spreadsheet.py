"""Takes empty rows out of a workbook and sorts it."""

from openpyxl import Workbook, load_workbook

book = Workbook()
for number in range(200):
    book.active.append([number % 7 or None, f"item {number}"])
book.save("stock.xlsx")
rows = [row for row in load_workbook("stock.xlsx").active.iter_rows(values_only=True) if row[0] is not None]
tidy = Workbook()
for row in sorted(rows):
    tidy.active.append(row)
tidy.save("stock tidy.xlsx")
