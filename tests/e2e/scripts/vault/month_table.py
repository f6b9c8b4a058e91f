"""Prints the last working day of each month of a year."""

from datetime import date

from dateutil.relativedelta import relativedelta
from dateutil.rrule import FR, MO, TH, TU, WE, MONTHLY, rrule

start = date(2026, 1, 1)
for day in rrule(MONTHLY, count=12, dtstart=start, byweekday=(MO, TU, WE, TH, FR), bysetpos=-1):
    print(f"{day:%Y-%m-%d} {(day + relativedelta(days=+1)):%a}")
