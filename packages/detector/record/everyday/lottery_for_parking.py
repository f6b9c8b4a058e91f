"""Draws who gets the parking place."""

import random
print(random.Random(20261120).sample(["desk 1", "desk 2", "desk 3", "desk 4"], 2))
