"""Lists installed packages."""

from importlib.metadata import distributions
print(len(list(distributions())))
