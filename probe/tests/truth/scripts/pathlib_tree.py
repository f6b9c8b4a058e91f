import pathlib

root = pathlib.Path("tree")
for number in range(5):
    folder = root / ("f%d" % number)
    folder.mkdir(parents=True)
    (folder / "data.txt").write_text(str(number))
print(sum(int(path.read_text()) for path in root.rglob("*.txt")))
