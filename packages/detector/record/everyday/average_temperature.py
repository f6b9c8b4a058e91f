"""Averages of a table with pandas."""

import pandas as pd
frame = pd.DataFrame({"day": range(30), "celsius": [15 + day % 7 for day in range(30)]})
print(frame["celsius"].mean(), frame["celsius"].max())
