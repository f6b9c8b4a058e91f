open("data.bin", "wb").write(bytes(100))
with open("data.bin", "r+b") as file:
    file.seek(50)
    file.write(b"changed")
with open("data.bin", "w+b") as file:
    file.write(b"new")
with open("data.bin", "a+b") as file:
    file.write(b"er")
