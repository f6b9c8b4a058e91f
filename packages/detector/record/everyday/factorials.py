"""A table of factorials."""

import math
print([math.factorial(n) for n in range(12)])
