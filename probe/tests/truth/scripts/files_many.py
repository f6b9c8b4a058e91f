import os

for number in range(200):
    with open("file%03d.txt" % number, "w") as file:
        file.write(str(number))
total = 0
for name in sorted(os.listdir(".")):
    if name.endswith(".txt"):
        total += int(open(name).read())
        os.remove(name)
print(total)
