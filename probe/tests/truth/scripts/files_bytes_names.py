import os

open(b"bytes.txt", "w").close()
open("ünïcode-文件.txt", "w").close()
open(b"broken-\xff.txt", "w").close()
print(sorted(map(ascii, os.listdir("."))))
