"""Looks for wrong article numbers."""

codes = ["4006381333931", "4006381333932"]
print([code for code in codes if sum(int(c) * (3 if n % 2 else 1) for n, c in enumerate(code)) % 10])
