"""Moving averages with pandas."""

import pandas as pd
prices = pd.Series([100 + n % 13 for n in range(250)])
prices.rolling(20).mean().dropna().to_csv("averages.csv")
