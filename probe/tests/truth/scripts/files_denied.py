import os

open("/proc/version").read(10)
try:
    open("/proc/version", "w")
except OSError as error:
    print(type(error).__name__)
try:
    os.remove("/proc/version")
except OSError as error:
    print(type(error).__name__)
