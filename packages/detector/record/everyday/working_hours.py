"""Sums working hours of a week."""

hours = ["08:00-16:30", "08:15-17:00", "07:45-15:00"]
def minutes(text):
    return int(text[:2]) * 60 + int(text[3:])
print(sum(minutes(span[6:]) - minutes(span[:5]) for span in hours) / 60)
