"""Header blocks of HTTP/2: a decoder, nothing more.

Table sizes follow what the encoder says; names and values are bytes. Raises ValueError or IndexError on a block that breaks the rules: the
connection is then no longer looked at. Source: RFC 7541.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Tuple

#: Code lengths of the 257 symbols, each plus 60, as characters; the code is canonical, so lengths say all. Source: RFC 7541, appendix B.
_LENGTHS = (
    "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSS"
    "SSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRSVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ"
)
#: Source: RFC 7541, appendix A.
_STATIC_TEXT = (
    ":authority|;:method|GET;:method|POST;:path|/;:path|/index.html;:scheme|http;:scheme|https;:status|200;:status|204;:status|206;:status|304;:status|400;"
    ":status|404;:status|500;accept-charset|;accept-encoding|gzip, deflate;accept-language|;accept-ranges|;accept|;access-control-allow-origin|;age|;allow|;"
    "authorization|;cache-control|;content-disposition|;content-encoding|;content-language|;content-length|;content-location|;content-range|;content-type|;"
    "cookie|;date|;etag|;expect|;expires|;from|;host|;if-match|;if-modified-since|;if-none-match|;if-range|;if-unmodified-since|;last-modified|;link|;"
    "location|;max-forwards|;proxy-authenticate|;proxy-authorization|;range|;referer|;refresh|;retry-after|;server|;set-cookie|;strict-transport-security|;"
    "transfer-encoding|;user-agent|;vary|;via|;www-authenticate|"
)
STATIC: "List[Tuple[bytes, bytes]]" = [(name, value) for name, _, value in [each.partition(b"|") for each in _STATIC_TEXT.encode().split(b";")]]
_EOS = 256
#: Largest table that an encoder may ask for, in bytes.
MOST_TABLE = 65_536


def _codes() -> "Tuple[List[int], List[int], List[int], List[int]]":
    """Symbols in the order of their codes; and by length: first code, its place in that order, first code beyond."""
    lengths = [ord(letter) - 60 for letter in _LENGTHS]
    order = sorted(range(257), key=lambda symbol: (lengths[symbol], symbol))
    first, place, beyond = [0] * 31, [0] * 31, [0] * 31
    code = at = 0
    for length in range(1, 31):
        code <<= 1
        first[length], place[length] = code, at
        while at < 257 and lengths[order[at]] == length:
            at += 1
            code += 1
        beyond[length] = code
    return order, first, place, beyond


_ORDER, _FIRST, _PLACE, _BEYOND = _codes()


def unpack(data: bytes) -> bytes:
    """Text of a Huffman-coded string."""
    out = bytearray()
    bits = have = 0
    length = 5
    for byte in data:
        bits = bits << 8 | byte
        have += 8
        while have >= length:
            code = bits >> have - length
            if code < _BEYOND[length]:
                symbol = _ORDER[_PLACE[length] + code - _FIRST[length]]
                if symbol == _EOS:
                    raise ValueError("end of string within a string")
                out.append(symbol)
                have -= length
                bits &= (1 << have) - 1
                length = 5
            else:
                length += 1
                if length > 30:
                    raise ValueError("no such code")
    return bytes(out)


class Decoder:
    """Header table of one direction of a connection."""

    __slots__ = ("_limit", "_size", "_table")

    def __init__(self) -> None:
        self._table: "List[Tuple[bytes, bytes]]" = []  # newest first
        self._size = 0
        self._limit = 4096

    def decode(self, block: bytes) -> "List[Tuple[bytes, bytes]]":
        """Headers of a whole block, in order."""
        headers = []
        at, end = 0, len(block)
        while at < end:
            first = block[at]
            if first & 0x80:
                index, at = _number(block, at, 7)
                headers.append(self._entry(index))
            elif first & 0xE0 == 0x20:
                self._limit, at = _number(block, at, 5)
                if self._limit > MOST_TABLE:
                    raise ValueError("table too large")
                self._evict()
            else:
                is_kept = bool(first & 0x40)
                index, at = _number(block, at, 6 if is_kept else 4)
                if index:
                    name = self._entry(index)[0]
                else:
                    name, at = _text(block, at)
                value, at = _text(block, at)
                headers.append((name, value))
                if is_kept:
                    self._table.insert(0, (name, value))
                    self._size += len(name) + len(value) + 32
                    self._evict()
        return headers

    def _entry(self, index: int) -> "Tuple[bytes, bytes]":
        if index <= 0:
            raise ValueError("no header has index 0")
        return STATIC[index - 1] if index <= 61 else self._table[index - 62]

    def _evict(self) -> None:
        while self._size > self._limit and self._table:
            name, value = self._table.pop()
            self._size -= len(name) + len(value) + 32


def _number(block: bytes, at: int, width: int) -> "Tuple[int, int]":
    """Integer with a prefix of that many bits, and the place behind it."""
    most = (1 << width) - 1
    number = block[at] & most
    at += 1
    if number < most:
        return number, at
    shift = 0
    while True:
        byte = block[at]
        at += 1
        number += (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return number, at
        if shift > 28:
            raise ValueError("number too large")


def _text(block: bytes, at: int) -> "Tuple[bytes, int]":
    is_packed = block[at] & 0x80
    size, at = _number(block, at, 7)
    if at + size > len(block):
        raise ValueError("string beyond its block")
    data = block[at : at + size]
    return (unpack(data) if is_packed else data), at + size
