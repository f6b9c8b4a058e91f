"""Who sits where."""

import itertools
print(list(itertools.islice(zip(itertools.cycle(["101", "102"]), ["a", "b", "c", "d"]), 4)))
