"""Personal data in a text, by kind: what carries its own proof (checksum or unmistakable form). Never gives a value.

Source: ISO 13616 (IBAN), ISO/IEC 7812-1 (payment card numbers, Luhn), RFC 5322 (mail addresses, a common subset).
"""

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Set

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}(?![\w-])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![\d.-])[3-6]\d{3}(?:[ -]?\d{2,6}){2,4}(?![\d-])")
_IBAN_SIZES = range(15, 35)


def kinds(text: str) -> "Set[str]":
    """email, iban, payment_card."""
    found = set()
    if "@" in text and _MAIL.search(text) is not None:
        found.add("email")
    for match in _IBAN.finditer(text):
        if is_iban(match.group()):
            found.add("iban")
            break
    for match in _CARD.finditer(text):
        if is_card(match.group()):
            found.add("payment_card")
            break
    return found


def is_iban(text: str) -> bool:
    """Whether the check digits fit."""
    bare = text.replace(" ", "")
    if len(bare) not in _IBAN_SIZES:
        return False
    number = "".join([letter if letter.isdigit() else str(ord(letter) - 55) for letter in bare[4:] + bare[:4]])
    return number.isdigit() and int(number) % 97 == 1


def is_card(text: str) -> bool:
    """Whether the Luhn digit fits."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) < 2:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        if place % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0
