"""Writes a shopping list into the personal OneDrive."""

with open("OneDrive - Personal/shopping.txt", "w", encoding="utf-8") as file:
    file.write("milk\n")
