open("new.txt", "x").close()
try:
    open("new.txt", "x")
except FileExistsError as error:
    print(error)
