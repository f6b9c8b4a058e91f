"""Dates in words."""

from datetime import date, timedelta
print([(date(2026, 11, 1) + timedelta(days=n)).strftime("%A %d %B") for n in range(5)])
