"""A shift plan as a workbook."""

from openpyxl import Workbook
book = Workbook()
book.active.append(["day", "early", "late"])
for day in range(1, 31):
    book.active.append([day, "AB"[day % 2], "BA"[day % 2]])
book.save("shifts.xlsx")
