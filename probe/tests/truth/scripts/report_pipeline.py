import collections
import csv
import json
import pathlib
import shutil
import zipfile

folder = pathlib.Path("input")
folder.mkdir()
for month in range(1, 13):
    with open(folder / ("sales-%02d.csv" % month), "w", newline="") as file:
        csv.writer(file).writerows([["region", "amount"], ["north", month], ["south", month * 2]])
totals = collections.Counter()
for path in sorted(folder.glob("*.csv")):
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            totals[row["region"]] += int(row["amount"])
pathlib.Path("report.json").write_text(json.dumps(totals))
with zipfile.ZipFile("report.zip", "w") as archive:
    archive.write("report.json")
shutil.rmtree(folder)
print(totals)
