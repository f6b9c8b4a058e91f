"""A table into a workbook."""

import pandas as pd
pd.read_csv("sales.csv").to_excel("sales.xlsx", index=False)
