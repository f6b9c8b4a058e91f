import pandas

with pandas.ExcelWriter("book.xlsx") as writer:
    pandas.DataFrame({"a": [1, 2]}).to_excel(writer, sheet_name="one")
    pandas.DataFrame({"b": [3]}).to_excel(writer, sheet_name="two")
print(sorted(pandas.read_excel("book.xlsx", sheet_name=None)))
