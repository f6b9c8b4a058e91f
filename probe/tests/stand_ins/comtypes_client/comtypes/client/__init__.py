"""Signatures of comtypes 1.4. Source: https://github.com/enthought/comtypes/blob/main/comtypes/client/_create.py"""


class _Object:
    pass


def CreateObject(progid, clsctx=None, machine=None, interface=None, dynamic=False, pServerInfo=None):
    return _Object()


def GetActiveObject(progid, interface=None, dynamic=False):
    return _Object()


def CoGetObject(displayname, interface=None, dynamic=False):
    return _Object()
