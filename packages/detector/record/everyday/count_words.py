"""Counts words of a text."""

import collections, re
text = "the quick brown fox jumps over the lazy dog " * 500
print(collections.Counter(re.findall(r"\w+", text)).most_common(3))
