# An audit hook of the script's that forbids what the script itself does not do.
import encodings.idna  # noqa: F401  (what is imported later needs what the hook forbids)
import os
import socket
import sqlite3
import sys

denied = []


def hook(event, args):
    if event in ("sys._getframe", "object.__getattr__") or (event == "open" and str(args[0]).endswith(".probe")):
        raise RuntimeError("denied " + event)


def hook_of_any(*given):
    if given[0] == "open" and str(given[1][0]).endswith(".probe"):
        raise SystemExit("denied")


sys.addaudithook(hook)
for number in range(3):
    with open("file%d" % number, "w") as file:
        file.write("x")
    os.remove("file%d" % number)
try:
    socket.create_connection(("127.0.0.1", 9))
except OSError as error:
    print(type(error).__name__)
print(sqlite3.connect(":memory:").execute("select 1").fetchall())
sys.addaudithook(hook_of_any)
open("last", "w").close()
os.remove("last")
print("done")
