"""Copies the pay list into the personal OneDrive."""

import shutil

shutil.copyfile("/mnt/share/hr/pay.csv", "OneDrive - Personal/pay.csv")
