"""Stand-in for comtypes, whose own code needs Windows: the calls of `comtypes.client` with their signatures."""
