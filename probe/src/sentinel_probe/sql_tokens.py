"""Parts of a SQL text: words, names, literals, signs, as each dialect writes them.

Takes time proportional to the text's length, of which it is given a limited part. Where two dialects read the same characters differently and the
dialect is not known, the reading that shows less wins.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterator, List, Tuple

    Token = Tuple[str, str]  # kind (word, name, quoted, literal, sign) and text

#: Longest part of a text that is looked at.
MOST_CHARACTERS = 8_000
MOST_NAME = 128

#: Systems whose strings have backslash escapes, and those whose strings surely have none.
_BACKSLASH = frozenset(["mysql", "mariadb", "gcp.bigquery", "bigquery", "snowflake", "databricks", "clickhouse", "hive", "spark"])
_NO_BACKSLASH = frozenset(["postgresql", "sqlite", "oracle.db", "microsoft.sql_server", "duckdb", "ibm.db2"])
#: Systems in which double quotes are always a name, and those in which they are always a string.
QUOTED_NAMES = frozenset(["postgresql", "oracle.db", "microsoft.sql_server", "duckdb", "snowflake", "ibm.db2"])
QUOTED_TEXTS = frozenset(["mysql", "mariadb", "gcp.bigquery", "bigquery", "databricks", "hive", "spark"])
_HASH_COMMENTS = frozenset(["mysql", "mariadb", "gcp.bigquery", "bigquery", "clickhouse"])
_BRACKET_NAMES = frozenset(["microsoft.sql_server", "sqlite", ""])
_FLAT_COMMENTS = frozenset(["mysql", "mariadb", "sqlite", "oracle.db"])

_SIGNS = frozenset("<= >= <> != == || -> ->> @> <@ && :: := => #> #>> #- ~* !~ !~* ** << >> ?| ?& @@ ^=".split())
_CLOSING: "Dict[str, str]" = {"[": "]", "{": "}", "(": ")", "<": ">"}


def tokenize(text: str, system: str = "") -> "List[Token]":
    """Kinds and texts of a statement's parts: word, name (surely one), quoted (in double quotes), literal (without its text), sign."""
    out: "List[Token]" = []
    append = out.append
    at, size = 0, len(text)
    has_names = system in _BRACKET_NAMES
    while at < size:
        letter = text[at]
        if letter.isspace():
            at += 1
        elif letter.isalpha() or letter == "_" or (letter == "#" and has_names and text[at + 1 : at + 3].lstrip("#")[:1].replace("_", "a").isalpha()):
            end = at + 1
            while end < size and (text[end].isalnum() or text[end] in "_$#"):
                end += 1
            word = text[at:end]
            following = text[end : end + 1]
            if following == "'" and len(word) <= 2 and (word.upper() in ("N", "X", "B", "E", "U", "R", "Q", "NQ", "BR", "RB")):
                at = _prefixed(text, word.upper(), end, system)
                append(("literal", ""))
                if at < 0:
                    return out
            elif word in ("U", "u") and text[end : end + 2] in ("&'", '&"'):
                closing = text[end + 1]
                at = _quoted(text, end + 1, closing, False)
                append(("literal", "") if closing == "'" else ("quoted", text[end + 2 : at - 1][:MOST_NAME]))
            else:
                append(("word", word))
                at = end
        elif letter == "'":
            end = _string(text, at, "'", system)
            append(("literal", ""))
            if end < 0:
                return out
            at = end
        elif letter == '"':
            if system in QUOTED_NAMES or system == "sqlite":
                end = _quoted(text, at, '"', False)
            else:
                end = _string(text, at, '"', system)
            inside = text[at + 1 : end - 1] if end > 0 else ""
            append(("quoted", inside.replace('""', '"')) if _is_nameable(inside, system) else ("literal", ""))
            if end < 0:
                return out
            at = end
        elif letter == "`":
            end = _quoted(text, at, "`", False)
            inside = text[at + 1 : end - 1]
            if "." in inside and system in ("gcp.bigquery", "bigquery"):
                for number, part in enumerate(inside.split(".")):
                    append(("sign", ".")) if number else None
                    append(("name", part[:MOST_NAME]))
            else:
                append(("name", inside[:MOST_NAME]))
            at = end
        elif letter == "[" and has_names and (text[at + 1 : at + 2].isalpha() or text[at + 1 : at + 2] in "_#") and _bracket(text, at):
            end = _quoted(text, at, "]", False)
            append(("name", text[at + 1 : end - 1].replace("]]", "]")[:MOST_NAME]))
            at = end
        elif letter.isdigit() or (letter == "." and text[at + 1 : at + 2].isdigit() and not (out and out[-1][0] in ("word", "name", "quoted"))):
            while at < size and (text[at].isalnum() or text[at] in "._" or (text[at] in "+-" and text[at - 1] in "eE" and text[at + 1 : at + 2].isdigit())):
                at += 1
            append(("literal", ""))
        elif letter == "-" and text.startswith("--", at) and (system not in ("mysql", "mariadb") or text[at + 2 : at + 3] < "!"):
            end = text.find("\n", at)
            at = size if end < 0 else end
        elif letter == "#" and (system in _HASH_COMMENTS or (not system and text[at + 1 : at + 2].isspace())):
            end = text.find("\n", at)
            at = size if end < 0 else end
        elif letter == "/" and text.startswith("/*", at):
            at = _comment(text, at, system not in _FLAT_COMMENTS)
        elif letter == "$":
            at = _dollar(text, at)
            append(("literal", ""))
        elif letter == ":" and text[at + 1 : at + 2] not in (":", "="):
            end = at + 1
            if text[end : end + 1] == '"':
                end = _quoted(text, end, '"', False)
            while end < size and (text[end].isalnum() or text[end] in "_$"):
                end += 1
            append(("literal", "") if end > at + 1 else ("sign", ":"))
            at = end
        elif letter == "@" and text[at + 1 : at + 2] not in (">", "?") and not (text[at + 1 : at + 2] == "@" and text[at + 2 : at + 3].isspace()):
            end = at + 1
            while end < size and (text[end].isalnum() or text[end] in "_$@#~/"):
                end += 1
            append(("literal", ""))
            at = end
        elif letter == "?":
            at += 1
            while at < size and text[at].isdigit():
                at += 1
            append(("literal", ""))
        elif letter == "%":
            at = _percent(text, at, out)
        else:
            sign = text[at : at + 3] if text[at : at + 3] in _SIGNS else text[at : at + 2] if text[at : at + 2] in _SIGNS else letter
            append(("sign", sign))
            at += len(sign)
    return out


def _is_nameable(inside: str, system: str) -> bool:
    """Whether a double-quoted text may be shown where a name is expected."""
    if len(inside) > MOST_NAME or not inside:
        return False
    if system in QUOTED_NAMES:
        return True
    return inside.replace("_", "").replace(".", "").isalnum() and not inside[:1].isdigit() and len(inside) <= 64


def _prefixed(text: str, prefix: str, at: int, system: str) -> int:
    """Position behind a string with a prefix; `at` is that of its quote, -1 where its end is not clear."""
    if prefix in ("Q", "NQ"):
        opening = text[at + 1 : at + 2]
        end = text.find(_CLOSING.get(opening, opening) + "'", at + 2) if opening else -1
        return end + 2 if end >= 0 else len(text)
    if prefix == "E":
        return _quoted(text, at, "'", True)
    if prefix in ("R", "BR", "RB") and system in ("gcp.bigquery", "bigquery", "databricks", "spark"):
        return _quoted(text, at, "'", False) if "\\'" not in text else -1
    return _string(text, at, "'", system)


def _string(text: str, at: int, closing: str, system: str) -> int:
    """Position behind a string; -1 where dialects disagree on its end, so that nothing behind it may be shown."""
    if text.startswith(closing * 3, at) and system in ("gcp.bigquery", "bigquery"):
        end = text.find(closing * 3, at + 3)
        return end + 3 if end >= 0 else len(text)
    if system in _NO_BACKSLASH:
        return _quoted(text, at, closing, False)
    end = _quoted(text, at, closing, True)
    if text.find("\\" + closing, at, end) >= 0:
        if system not in _BACKSLASH:
            return -1
        ambiguous = text.find("\\" + closing, at, end)
        while ambiguous >= 0:  # with backslash escapes switched off the string would end here, and a statement could go on
            if text[ambiguous + 2 : ambiguous + 3] in (",", ")", ";", ""):
                return -1
            ambiguous = text.find("\\" + closing, ambiguous + 2, end)
    return end


def _quoted(text: str, at: int, closing: str, has_escapes: bool) -> int:
    """Position behind a quoted text; a doubled quote stands for itself."""
    size = len(text)
    at += 1
    while True:
        end = text.find(closing, at)
        if end < 0:
            return size + 1
        if has_escapes:
            slash = text.find("\\", at, end)
            if slash >= 0:
                at = slash + 2
                continue
        if text[end + 1 : end + 2] == closing:
            at = end + 2
        else:
            return end + 1


def _bracket(text: str, at: int) -> bool:
    end = text.find("]", at, at + MOST_NAME + 2)
    return end > 0 and not any([sign in text[at:end] for sign in "'\"(),="])


def _comment(text: str, at: int, is_nested: bool) -> int:
    size, depth = len(text), 1
    at += 2
    while depth:
        end = text.find("*/", at)
        if end < 0:
            return size
        opening = text.find("/*", at, end) if is_nested else -1
        if opening >= 0:
            depth += 1
            at = opening + 2
        else:
            depth -= 1
            at = end + 2
    return at


def _dollar(text: str, at: int) -> int:
    """Position behind a dollar-quoted text or a placeholder."""
    size = len(text)
    end = at + 1
    while end < size and (text[end].isalnum() or text[end] == "_"):
        end += 1
    if end < size and text[end] == "$" and not text[at + 1 : at + 2].isdigit():
        tag = text[at : end + 1]
        closing = text.find(tag, end + 1)
        return closing + len(tag) if closing >= 0 else size
    return end


def _percent(text: str, at: int, out: "List[Token]") -> int:
    """A placeholder of Python's, such as %s or %(name)s; else the sign."""
    following = text[at + 1 : at + 2]
    if following == "(":
        end = text.find(")", at, at + MOST_NAME)
        if end > 0 and text[end + 1 : end + 2].isalpha():
            out.append(("literal", ""))
            return end + 2
    if following and following in "sbtd" and not (text[at + 2 : at + 3].isalnum() or text[at + 2 : at + 3] == "_"):
        out.append(("literal", ""))
        return at + 2
    out.append(("sign", "%"))
    return at + (2 if following == "%" else 1)


def strings(text: str) -> "Iterator[Tuple[int, int, str]]":
    """Start, end and text of each single-quoted string outside comments."""
    at, size = 0, len(text)
    while at < size:
        letter = text[at]
        if letter == "'":
            end = _quoted(text, at, "'", False)
            yield at, end, text[at + 1 : end - 1].replace("''", "'")
            at = end
        elif letter == '"':
            at = _quoted(text, at, '"', False)
        elif text.startswith("--", at):
            end = text.find("\n", at)
            at = size if end < 0 else end
        elif text.startswith("/*", at):
            at = _comment(text, at, True)
        else:
            at += 1
