import pathlib

pathlib.Path("empty").touch()
pathlib.Path("empty").replace("other")
with pathlib.Path("other").open("a") as file:
    file.write("x")
print(pathlib.Path("other").read_text())
