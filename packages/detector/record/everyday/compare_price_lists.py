"""Differences of two price lists."""

import csv, io
old = {"bolt": 3, "nut": 1, "gear": 40}
new = {**old, "gear": 42, "belt": 9}
out = io.StringIO()
csv.writer(out).writerows((name, old.get(name), new[name]) for name in new if old.get(name) != new[name])
open("price-changes.csv", "w").write(out.getvalue())
