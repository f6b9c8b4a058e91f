"""Working days until a delivery."""

from datetime import date, timedelta
day, left = date(2026, 11, 20), 15
while left:
    day += timedelta(days=1)
    left -= day.weekday() < 5
print(day)
