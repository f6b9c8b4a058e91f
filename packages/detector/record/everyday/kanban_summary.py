"""Tasks by state."""

import collections
tasks = [("order paper", "done"), ("update wiki", "open"), ("plan party", "open")]
print(collections.Counter(state for _, state in tasks))
