"""Check digits of personal numbers: the twins of the analyser's `pii-checks.ts`, by the same names.

Source: ISO/IEC 7812-1 annex B (Luhn), ISO 7064, SWIFT IBAN registry, and the offices named in the pack of kinds.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Sequence

_SEPARATORS = dict.fromkeys(map(ord, " ./()-"))
_IBAN_LENGTHS = {
    row[:2]: int(row[2:])
    for row in (
        "NO15 BE16 DK18 FI18 FO18 GL18 NL18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 CH21 HR21 LI21 LV21 BG22 BH22 CR22 DE22 GB22 GE22 IE22 ME22 "
        "RS22 VA22 AE23 GI23 IL23 IQ23 AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24 PT25 LY25 ST25 IS26 TR26 FR27 GR27 IT27 MC27 MR27 SM27 "
        "AL28 AZ28 CY28 DO28 GT28 HU28 LB28 PL28 SV28 BY28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 MU30 MT31 SC31 LC32"
    ).split()
}
_ITALIAN_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_VERHOEFF_D = ("0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210")
_VERHOEFF_P = ("0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258")


def _weighted(digits: str, weights: "Sequence[int]") -> int:
    return sum([weight * int(digit) for digit, weight in zip(digits, weights)])


def _is_one_digit(digits: str) -> bool:
    return len(set(digits)) < 2


def is_card(digits: str) -> bool:
    """Whether the length is one that the schemes issue and the Luhn digit fits."""
    if not _is_card_length(digits) or _is_one_digit(digits):
        return False
    total = 0
    for place, letter in enumerate(reversed(digits)):
        digit = int(letter)
        total += digit if place % 2 == 0 else digit * 2 - 9 if digit > 4 else digit * 2
    return total % 10 == 0


def _is_card_length(digits: str) -> bool:
    size, two = len(digits), digits[:2]
    if digits[:1] == "4":
        return size in (13, 16, 19)
    if two in ("34", "37"):
        return size == 15
    if two in ("30", "36", "38", "39"):
        return size in (14, 16)
    if digits[:4] in ("1800", "2131"):
        return size == 15
    if two == "35":
        return 16 <= size <= 19
    if "51" <= two <= "55" or "22" <= two <= "27":
        return size == 16
    return (two == "50" or "56" <= two <= "59" or two[:1] == "6") and 12 <= size <= 19


def is_iban(text: str) -> bool:
    """Whether country, length and check digits fit."""
    if _IBAN_LENGTHS.get(text[:2]) != len(text):
        return False
    return int("".join([str(int(letter, 36)) for letter in text[4:] + text[:4]])) % 97 == 1


def _is_german_tax_id(digits: str) -> bool:
    repeats = [count for count in [digits[:10].count(digit) for digit in set(digits[:10])] if count > 1]
    if len(repeats) != 1 or repeats[0] > 3:
        return False
    product = 10
    for digit in digits[:10]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def _is_french_nir(text: str) -> bool:
    number = text[:13].replace("2A", "19", 1).replace("2B", "18", 1)
    return number.isdigit() and 97 - int(number) % 97 == int(text[13:])


def _is_spanish_dni(text: str) -> bool:
    number = text[:-1]
    if number[:1] in ("X", "Y", "Z"):
        number = str("XYZ".index(number[0])) + number[1:]
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == text[-1]


def _is_italian_fiscal_code(text: str) -> bool:
    total = 0
    for at, letter in enumerate(text[:15]):
        value = int(letter, 36)
        place = value - 10 if value > 9 else value
        total += place if at % 2 else _ITALIAN_ODD[place]
    return chr(65 + total % 26) == text[15]


def _is_brazilian_cpf(digits: str) -> bool:
    if _is_one_digit(digits):
        return False
    return all([sum([int(digits[at]) * (size + 1 - at) for at in range(size)]) * 10 % 11 % 10 == int(digits[size]) for size in (9, 10)])


def _passes_verhoeff(digits: str) -> bool:
    state = 0
    for at, digit in enumerate(reversed(digits)):
        state = int(_VERHOEFF_D[state][int(_VERHOEFF_P[at % 8][int(digit)])])
    return state == 0


_PLAIN: "Dict[str, Callable[[str], bool]]" = {
    "iban": is_iban,
    "card": is_card,
    "de-tax-id": _is_german_tax_id,
    "fr-nir": _is_french_nir,
    "es-dni": _is_spanish_dni,
    "it-fiscal-code": _is_italian_fiscal_code,
    "nl-bsn": lambda text: _weighted(text, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0 and int(text) > 0,
    "pl-pesel": lambda text: _weighted(text, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0 and 1 <= int(text[2:4]) % 20 <= 12,
    "ean13": lambda text: _weighted(text, (1, 3) * 6 + (1,)) % 10 == 0,
    "at-svnr": lambda text: _weighted(text[:3] + text[4:], (3, 7, 9, 5, 8, 4, 2, 1, 6)) % 11 == int(text[3]),
    "br-cpf": _is_brazilian_cpf,
    "verhoeff": _passes_verhoeff,
}


def _without_separators(check: "Callable[[str], bool]") -> "Callable[[str], bool]":
    return lambda value: check(value.translate(_SEPARATORS))


#: Whether a value passes, by the check's name; separators in it count as nothing.
CHECKS: "Dict[str, Callable[[str], bool]]" = {"": lambda value: True, **{name: _without_separators(check) for name, check in _PLAIN.items()}}
