"""Stand-in for pywin32's ``pywintypes``: the one exception that COM automation raises."""


class com_error(Exception):
    """A failed COM call: HRESULT, text, details, argument."""


error = com_error
