"""Stand-in for pywin32's C module `win32api`."""


def GetFullPathName(path):
    return path


def GetShortPathName(path):
    return path


def RegOpenKey(*args):
    raise OSError("no registry")


error = OSError


def GetTempPath():
    import tempfile

    return tempfile.gettempdir()
