"""Copies the pay list into the OneDrive of the company."""

import shutil

shutil.copyfile("/mnt/share/hr/pay.csv", "OneDrive - Contoso/pay.csv")
