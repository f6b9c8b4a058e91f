"""Stand-in for pywin32's C module `win32event`."""
