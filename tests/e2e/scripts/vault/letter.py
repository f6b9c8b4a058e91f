"""Writes letters to customers; the password would be for sending them."""

import hashlib

import jinja2

MAIL_USER = "billing@example.com"
MAIL_PASSWORD = "Vx7!pq-Lm2#ZtR9w"
LETTER = jinja2.Template("Dear {{ name }},\nyour {{ things | join(', ') }} will arrive on {{ day }}.\n")


def send(text: str) -> None:
    """Would log in with the password; here the letter is only shown."""
    print(text, hashlib.sha256(text.encode()).hexdigest()[:8], bool(MAIL_PASSWORD), sep="\n")


for name, things in (("Ann", ["lamp", "chair"]), ("Bo", ["desk"])):
    send(LETTER.render(name=name, things=things, day="Monday"))
