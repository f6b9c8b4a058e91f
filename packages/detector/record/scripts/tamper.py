"""Looks through all objects for what observes it."""

import gc

print(len(gc.get_objects()))
