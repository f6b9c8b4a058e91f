import fileinput

for name in ("x.txt", "y.txt"):
    open(name, "w").write("a\nb\n")
for line in fileinput.input(["x.txt", "y.txt"], inplace=True):
    print(line.upper(), end="")
print(open("x.txt").read(), open("y.txt").read())
