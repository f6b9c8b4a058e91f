"""Finds files with the same content."""

import collections, hashlib
from pathlib import Path
seen = collections.defaultdict(list)
for path in Path(".").rglob("*.csv"):
    seen[hashlib.sha256(path.read_bytes()).hexdigest()].append(path)
print([paths for paths in seen.values() if len(paths) > 1])
