"""Counts the votes for the summer party."""

import collections
print(collections.Counter("ABBACABCAABBC").most_common())
