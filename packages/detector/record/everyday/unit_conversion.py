"""Inches to centimetres."""

print({inch: inch * 2.54 for inch in range(1, 25)})
