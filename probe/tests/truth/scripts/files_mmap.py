import mmap

open("map.bin", "wb").write(bytes(4096))
with open("map.bin", "r+b") as file:
    with mmap.mmap(file.fileno(), 0) as mapped:
        mapped[:5] = b"hello"
print(open("map.bin", "rb").read(5))
