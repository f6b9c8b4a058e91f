for number in range(3):
    with open("log.txt", "a") as file:
        file.write("line %d\n" % number)
print(open("log.txt").read())
