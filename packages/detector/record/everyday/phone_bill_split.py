"""Splits a bill by minutes."""

minutes = {"workshop": 340, "office": 900, "shop": 120}
print({name: round(212.40 * used / sum(minutes.values()), 2) for name, used in minutes.items()})
