"""Reads prices from XML."""

import xml.etree.ElementTree as tree
document = tree.fromstring("<list>" + "".join(f"<item price='{n}'/>" for n in range(200)) + "</list>")
print(sum(int(item.get("price")) for item in document))
