"""A table of font sizes."""

print("\n".join(f"{size}pt = {size * 96 / 72:.1f}px" for size in range(6, 40)))
