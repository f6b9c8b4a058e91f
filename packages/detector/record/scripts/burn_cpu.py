"""Counts for a while."""

import time

end = time.process_time() + 1.2
while time.process_time() < end:
    sum(range(1000))
