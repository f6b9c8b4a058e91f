"""Reads the size of pictures from their header."""

import struct
from pathlib import Path
header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480)
Path("picture.png").write_bytes(header + b"\0" * 500)
print(struct.unpack(">II", Path("picture.png").read_bytes()[16:24]))
