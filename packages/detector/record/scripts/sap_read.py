"""Drives SAP through its screens."""

import win32com.client

session = win32com.client.GetObject("SAPGUI").GetScriptingEngine.Children(0).Children(0)
print(session.Info.SystemName)
