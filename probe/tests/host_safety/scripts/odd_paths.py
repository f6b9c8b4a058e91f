# Paths of every type that the interpreter takes, and of those that it refuses.
import os
import pathlib
import warnings

warnings.simplefilter("ignore")


class Path:
    calls = 0

    def __fspath__(self):
        Path.calls += 1
        return "odd"


class Broken:
    def __fspath__(self):
        raise LookupError("no path")


for make in (str, os.fsencode, lambda name: bytearray(name.encode()), lambda name: memoryview(name.encode()), pathlib.Path, lambda name: Path(), lambda name: Broken(), lambda name: ""):
    for act in (
        lambda path: open(path, "w").close(),
        lambda path: os.close(os.open(path, os.O_WRONLY | os.O_CREAT)),
        lambda path: os.truncate(path, 0),
        lambda path: os.rename(path, "odd"),
        os.remove,
        os.listdir,
        os.chdir,
    ):
        try:
            print(act(make("odd")))
        except Exception as error:
            print(type(error).__name__, error)
print(Path.calls)
