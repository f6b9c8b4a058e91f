"""What a value of a known format must hold beyond its pattern: not made up, mixed enough, its own check right.

The TypeScript twins are `value-measures.ts` and `format-checks.ts` in `packages/analyser/src/secrets`.
"""

import json
import math
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict

#: Repeats of one character, or characters that each follow the one before (and are most of the value), from
#: which a value is made up.
SAME_RUN = 12
#: Runs of A are zero bits in base64, which issued values hold; only long ones are made up.
ZERO_RUN = 24
RISING_RUN = 20

#: Parts that no issued credential has.
FILLERS = (
    "xxxx",
    "0000000",
    "1111111",
    "****",
    "....",
    "example",
    "placeholder",
    "changeme",
    "redacted",
    "dummy",
    "insert",
    "your_",
    "your-",
    "yourtoken",
    "yourkey",
    "put_your",
    "here_",
    # Secret access key that the AWS documentation shows.
    "wjalrxutnfemi",
)

_ALNUM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_UPPER_TO_LOWER = {code: code + 32 for code in range(65, 91)}
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE64URL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def entropy_bits(value: str) -> float:
    """Shannon entropy of the characters of `value`, in bits per character."""
    counts: "Dict[str, int]" = {}
    for letter in value:
        counts[letter] = counts.get(letter, 0) + 1
    size = len(value)
    total = 0.0
    for count in counts.values():
        total -= count / size * math.log(count / size, 2)
    return total


def is_filler(value: str) -> bool:
    """Whether somebody made the value up to show where one goes."""
    lowered = value.translate(_UPPER_TO_LOWER)
    for part in FILLERS:
        if part in lowered:
            return True
    same = rising = longest = 1
    for index in range(1, len(value)):
        step = ord(value[index]) - ord(value[index - 1])
        same = same + 1 if step == 0 else 1
        rising = rising + 1 if step == 1 else 1
        longest = rising if rising > longest else longest
        if same >= (ZERO_RUN if value[index] == "A" else SAME_RUN):
            return True
    return longest >= RISING_RUN and longest * 5 > len(value) * 3


def check_value(name: str, value: str) -> str:
    """`none` without a check, `passed`, `failed` (still a match, of less weight) or `rejected`."""
    if name == "":
        return "none"
    if name == "letters-and-digits":
        has_digit = any([letter in "0123456789" for letter in value])
        has_letter = any([letter in _ALNUM and letter not in "0123456789" for letter in value])
        return "passed" if has_digit and has_letter else "rejected"
    if name == "crc32-base62":
        body = value[value.index("_") + 1 :]
        return "passed" if _base62(zlib.crc32(body[:-6].encode("ascii")) & 0xFFFFFFFF) == body[-6:] else "failed"
    if name == "jwt":
        return "passed" if _is_jwt_head(value[: value.index(".")]) else "rejected"
    if name == "pem-body":
        body = value[value.index("-----", 5) + 5 :].partition("-----")[0]
        kept = "".join([letter for letter in body if letter in _ALNUM or letter in "+/"])
        return "passed" if len(kept) >= 48 and entropy_bits(kept) >= 3.5 else "rejected"
    return "rejected"


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits.rjust(6, "0")


def _is_jwt_head(head: str) -> bool:
    """Whether `head` is base64url of a JSON object with an `alg`. Source: RFC 7515, section 4.1."""
    import base64

    if any([letter not in _BASE64URL for letter in head]) or len(head) % 4 == 1:
        return False
    try:
        decoded = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("utf-8"))
    except (ValueError, RecursionError):
        return False
    return isinstance(decoded, dict) and "alg" in decoded
