with open("a.txt", "w") as file:
    file.write("hello\n" * 10)
with open("a.txt") as file:
    print(len(file.read()))
