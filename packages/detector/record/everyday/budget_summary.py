"""Sums a workbook by month with openpyxl."""

from openpyxl import Workbook, load_workbook
book = Workbook()
for month in range(1, 13):
    book.active.append([month, month * 1000])
book.save("budget.xlsx")
print(sum(row[1] for row in load_workbook("budget.xlsx").active.iter_rows(values_only=True)))
