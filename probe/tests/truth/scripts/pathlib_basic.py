import pathlib

path = pathlib.Path("notes.txt")
path.write_text("hello")
print(path.read_text(), path.stat().st_size)
path.write_bytes(b"bytes")
print(path.read_bytes())
path.rename("moved.txt")
pathlib.Path("moved.txt").unlink()
