import pandas

pandas.DataFrame({"a": range(100), "b": range(100)}).to_csv("table.csv", index=False)
frame = pandas.read_csv("table.csv")
frame.groupby(frame.a % 3).sum().to_json("sums.json")
print(pandas.read_json("sums.json").shape)
frame.to_pickle("table.pickle")
print(len(pandas.read_pickle("table.pickle")))
