import xml.etree.ElementTree as ElementTree

root = ElementTree.Element("root")
ElementTree.SubElement(root, "child").text = "x"
ElementTree.ElementTree(root).write("tree.xml")
print(ElementTree.parse("tree.xml").getroot()[0].text)
