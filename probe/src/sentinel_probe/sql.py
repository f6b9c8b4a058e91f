"""Statements without their literals: operation, tables and summary of a SQL text.

Runs once for each distinct text; loads no regular expressions. Not a parser: a tokenizer that knows strings, numbers, comments,
quoted names and enough key words to tell tables from the rest.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator, List, Set, Tuple

#: Longest part of a text that is looked at.
MOST_CHARACTERS = 8_000
_OPERATIONS = set(
    "SELECT INSERT UPDATE DELETE REPLACE MERGE BEGIN COMMIT ROLLBACK SAVEPOINT RELEASE PRAGMA ATTACH DETACH VACUUM ANALYZE EXPLAIN VALUES".split()
)
_DDL = {"CREATE", "ALTER", "DROP", "REINDEX", "TRUNCATE"}
_BEFORE_TABLE = {"FROM", "JOIN", "INTO", "UPDATE", "TABLE"}
_NOT_A_TABLE = {"SELECT", "IF", "NOT", "EXISTS", "OR", "IGNORE", "REPLACE", "ABORT", "FAIL", "ROLLBACK", "ONLY", "LATERAL", "VALUES", "SET", "DEFAULT"}


def summarise(text: str) -> "Tuple[str, str, str]":
    """Gives (operation, tables, summary).

    Example: `select * from t where a = 'x' and b in (1, 2)` gives
    `("SELECT", "t", "SELECT * FROM t WHERE a = ? AND b IN ( ? )")` with the text's own letter case.
    """
    parts: "List[str]" = []
    tables: "Set[str]" = set()
    hidden: "Set[str]" = set()
    operation = ""
    expecting = listing = False
    previous = ""
    for kind, token in _tokens(text[:MOST_CHARACTERS]):
        upper = token.upper()
        if kind == "quoted":
            kind = "name" if expecting or previous == "." else "literal"
        if kind == "literal":
            if not (parts[-2:] == ["?", ","]):
                parts.append("?")
            else:
                parts.pop()  # a list of literals is one placeholder
            expecting = listing = False
            previous = "?"
            continue
        if kind == "name" or kind == "word":
            if kind == "word":
                if not operation or (operation == "WITH" and upper in _OPERATIONS):
                    operation = "DDL" if upper in _DDL else upper
                if upper == "AS" and operation == "WITH" and previous:
                    hidden.add(previous)
            if expecting and not (kind == "word" and upper in _NOT_A_TABLE):
                if previous == "." and tables:
                    tables.discard(parts[-2])
                tables.add(token)
                expecting = False
                listing = True
            elif previous == "." and listing and len(parts) > 1 and parts[-2] in tables:
                tables.discard(parts[-2])
                tables.add(parts[-2] + "." + token)
            elif kind == "word" and _precedes_table(upper, operation, previous.upper()):
                expecting = True
                listing = False
            elif kind == "word" and upper in ("WHERE", "ON", "SET", "GROUP", "ORDER", "VALUES", "USING"):
                listing = False
        elif token == "(":
            expecting = listing = False
        elif token == ";":
            expecting = listing = False
        elif token == "," and listing:
            expecting = True
        previous = token
        parts.append(token)
    summary = " ".join(parts).replace(" . ", ".").replace(" ,", ",").replace(" ;", ";").rstrip("; ").replace("( ", "(").replace(" )", ")")
    while "(?), (?)" in summary:
        summary = summary.replace("(?), (?)", "(?)")
    if operation not in _OPERATIONS and operation != "DDL":
        operation = operation if operation.isalpha() and len(operation) < 16 else "OTHER"
    return operation or "OTHER", ",".join(sorted(tables - hidden)), summary


def _precedes_table(word: str, operation: str, previous: str) -> bool:
    if word == "UPDATE":
        return previous not in ("DO", "FOR", "ON")
    return word in _BEFORE_TABLE or (word == "ON" and operation == "DDL")


def _tokens(text: str) -> "Iterator[Tuple[str, str]]":
    at, size = 0, len(text)
    while at < size:
        letter = text[at]
        if letter.isspace():
            at += 1
        elif letter == "-" and text[at : at + 2] == "--":
            end = text.find("\n", at)
            at = size if end < 0 else end
        elif letter == "/" and text[at : at + 2] == "/*":
            end = text.find("*/", at + 2)
            at = size if end < 0 else end + 2
        elif letter == "'" or (letter in "xXbBnNeE" and text[at + 1 : at + 2] == "'"):
            at = _quoted(text, at if letter == "'" else at + 1, "'")
            yield "literal", ""
        elif letter == '"' or letter == "`" or letter == "[":
            end = _quoted(text, at, "]" if letter == "[" else letter)
            inside = text[at + 1 : end - 1]
            # SQLite takes a double-quoted text that names nothing as a string: it is kept only where a table or its column is named.
            if letter != '"' or (inside.replace("_", "").replace(" ", "").isalnum() and not inside[:1].isdigit() and len(inside) <= 64 and " " not in inside):
                yield "quoted" if letter == '"' else "name", inside
            else:
                yield "literal", ""
            at = end
        elif letter.isdigit() or (letter == "." and text[at + 1 : at + 2].isdigit()):
            while at < size and (text[at].isalnum() or text[at] == "." or (text[at] in "+-" and text[at - 1] in "eE")):
                at += 1
            yield "literal", ""
        elif letter.isalpha() or letter == "_":
            end = at
            while end < size and (text[end].isalnum() or text[end] in "_$#"):
                end += 1
            yield "word", text[at:end]
            at = end
        elif letter in "?:@$" and text[at : at + 2] != "::":
            at += 1
            while at < size and (text[at].isalnum() or text[at] == "_"):
                at += 1
            yield "literal", ""
        else:
            at += 1
            yield "sign", letter


def _quoted(text: str, at: int, closing: str) -> int:
    """Position behind a quoted text; a doubled quote stands for itself."""
    size = len(text)
    at += 1
    while True:
        end = text.find(closing, at)
        if end < 0:
            return size
        if closing != "]" and text[end + 1 : end + 2] == closing:
            at = end + 2
        else:
            return end + 1
