"""Drives Excel."""

import win32com.client

try:
    win32com.client.Dispatch("Excel.Application")
except Exception as error:
    print(type(error).__name__)
