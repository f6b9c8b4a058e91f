import openpyxl

book = openpyxl.Workbook()
book.active.append([1, 2, 3])
book.save("plain.xlsx")
print(openpyxl.load_workbook("plain.xlsx").active["B1"].value)
