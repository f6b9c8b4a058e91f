"""Fills a letter template."""

from string import Template
letter = Template("Dear $name, your order $number is ready.")
open("letter.txt", "w").write(letter.substitute(name="customer", number="4711"))
