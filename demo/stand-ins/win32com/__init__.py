"""
Stand-in for pywin32's ``win32com``, so that SAP GUI scripts run where there is neither Windows nor SAP.

Made for Sentinel's demo and for nothing else. It answers the calls that such scripts make with the names, the
call shapes and the errors of SAP GUI Scripting, and serves its rows from a local SQLite file.
"""

__version__ = "1.0"
