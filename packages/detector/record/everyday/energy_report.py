"""Meter readings to a monthly report with pandas."""

import pandas as pd
frame = pd.DataFrame({"hour": pd.date_range("2026-01-01", periods=2000, freq="h"), "kwh": 1.5})
frame.groupby(frame["hour"].dt.month)["kwh"].sum().to_csv("energy.csv")
