"""Stand-in for pywin32's C module `pywintypes`."""

import datetime

TimeType = datetime.datetime


class com_error(Exception):
    """A failed COM call: HRESULT, text, details, argument."""

    @property
    def hresult(self):
        return self.args[0]


error = com_error


class IIDType:
    """A class id; this one keeps the name that it was asked for by."""

    def __init__(self, text):
        self._text = str(text)

    def __str__(self):
        return self._text

    def __hash__(self):
        return hash(self._text)

    def __eq__(self, other):
        return isinstance(other, IIDType) and self._text == other._text


IID = IIDType
