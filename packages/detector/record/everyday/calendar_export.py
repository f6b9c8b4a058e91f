"""Writes meetings as an ics file."""

from datetime import datetime, timedelta
start = datetime(2026, 11, 23, 9)
lines = ["BEGIN:VCALENDAR"]
for week in range(10):
    lines += ["BEGIN:VEVENT", f"DTSTART:{start + timedelta(weeks=week):%Y%m%dT%H%M%S}", "SUMMARY:Stand-up", "END:VEVENT"]
open("meetings.ics", "w").write("\r\n".join([*lines, "END:VCALENDAR"]))
