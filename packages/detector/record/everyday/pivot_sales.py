"""A pivot table with pandas."""

import pandas as pd
frame = pd.DataFrame({"region": ["n", "s"] * 50, "product": ["a", "b", "c", "d"] * 25, "amount": range(100)})
frame.pivot_table(index="region", columns="product", values="amount", aggfunc="sum").to_excel("pivot.xlsx")
