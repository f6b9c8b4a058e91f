"""A repayment plan."""

rest, rate, pay = 250_000.0, 0.035 / 12, 1_400
rows = []
while rest > 0 and len(rows) < 360:
    rest = rest * (1 + rate) - pay
    rows.append(f"{len(rows) + 1};{max(rest, 0):.2f}")
open("plan.csv", "w").write("\n".join(rows))
