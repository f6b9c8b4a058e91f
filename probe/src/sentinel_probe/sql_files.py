"""Files that a statement names: DuckDB reads and writes files on its own."""

from .sql_tokens import MOST_CHARACTERS, strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Tuple

_FILE_FUNCTIONS = frozenset(
    "READ_CSV READ_CSV_AUTO READ_PARQUET PARQUET_SCAN READ_JSON READ_JSON_AUTO READ_NDJSON READ_NDJSON_AUTO READ_NDJSON_OBJECTS READ_TEXT READ_BLOB READ_XLSX "
    "ST_READ SQLITE_SCAN ICEBERG_SCAN DELTA_SCAN SNIFF_CSV GLOB PARQUET_METADATA PARQUET_SCHEMA".split()
)


def files(text: str) -> "List[Tuple[str, str]]":
    """Files that a DuckDB statement names: (path, read or write). Places elsewhere (`s3://`, `https://`) are not files."""
    found: "List[Tuple[str, str]]" = []
    words: "List[str]" = []
    at = 0
    for start, end, token in strings(text[:MOST_CHARACTERS]):
        words.extend(text[at:start].replace("(", " ( ").replace("[", " [ ").replace(",", " , ").replace("=", " = ").upper().split())
        at = end
        before = [word for word in words[-12:] if word not in ("[", ",", "'")]
        last = before[-1] if before else ""
        operation = ""
        if last == "(" and len(before) > 1 and before[-2] in _FILE_FUNCTIONS:
            operation = "read"
        elif words[-1:] == ["FROM"] or words[-1:] == ["JOIN"] or words[-2:] == ["ATTACH", "DATABASE"] or words[-1:] == ["ATTACH"]:
            operation = "read"
        elif words[-1:] == ["TO"] and "COPY" in words:
            operation = "write"
        elif words[-2:] == ["EXPORT", "DATABASE"]:
            operation = "write"
        elif words[-2:] == ["IMPORT", "DATABASE"]:
            operation = "read"
        if operation and "://" not in token and token and len(found) < 50:
            found.append((token, operation))
        if operation and last == "(":
            continue  # the strings of a list stand behind the same word
        words.append("'")
    return found
