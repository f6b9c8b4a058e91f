"""Lists how old files of a folder are."""

import os, time
for name in sorted(os.listdir(".")):
    print(name, int((time.time() - os.path.getmtime(name)) / 86400), "days")
