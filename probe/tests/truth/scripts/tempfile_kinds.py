import tempfile

with tempfile.TemporaryFile("w+") as file:
    file.write("x")
with tempfile.NamedTemporaryFile("w") as file:
    file.write("x")
with tempfile.TemporaryDirectory() as folder:
    open(folder + "/inside", "w").close()
with tempfile.SpooledTemporaryFile(max_size=10) as file:
    file.write(b"x" * 100)
with tempfile.NamedTemporaryFile("w", dir=".") as file, tempfile.TemporaryFile(dir=".") as other:
    file.write("x")
    other.write(b"x")
print("done")
