"""Names for small pictures."""

from pathlib import PurePath
print([str(PurePath(name).with_stem(PurePath(name).stem + "-small")) for name in ("a.png", "b/c.png")])
