"""Finds words that fit a pattern."""

import re
words = ["apple", "ample", "maple", "angle", "ankle"]
print([word for word in words if re.fullmatch("a..le", word)])
