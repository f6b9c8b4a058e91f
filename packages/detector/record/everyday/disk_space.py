"""Tells how full the disk is."""

import shutil
total, used, free = shutil.disk_usage("/")
print(f"{used / total:.0%} used")
