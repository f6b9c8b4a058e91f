"""Keeps the last lines of a log."""

lines = [f"2026-11-20 line {n}" for n in range(5000)]
open("app.log", "w").write("\n".join(lines))
open("app-short.log", "w").write("\n".join(open("app.log").read().splitlines()[-200:]))
