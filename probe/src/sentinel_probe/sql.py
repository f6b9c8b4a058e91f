"""Statements without their literals: operation, tables and summary of a SQL text.

Runs once for each distinct text, in time proportional to its length; loads no regular expressions. Not a parser: a tokenizer that knows the
strings, numbers, comments, placeholders and quoted names of each dialect, and a walk that tells tables from the rest. Where two dialects read
the same characters differently and the dialect is not known, it takes the reading that shows less; a text that does not begin as SQL does has
no summary at all.
Source: lexical chapters of PostgreSQL 17, MySQL 8.4, SQLite 3, Transact-SQL and Oracle 23 references; OpenTelemetry database conventions (names).
"""

from .sql_tokens import MOST_CHARACTERS, QUOTED_NAMES, QUOTED_TEXTS, tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Set, Tuple

    from .sql_tokens import Token

#: First words of statements. A text that begins otherwise shows nothing.
_VERBS = set(
    "SELECT INSERT UPDATE DELETE REPLACE MERGE UPSERT WITH VALUES TABLE FROM PIVOT UNPIVOT BEGIN START COMMIT ROLLBACK SAVEPOINT RELEASE END ABORT PRAGMA "
    "ATTACH DETACH VACUUM ANALYZE ANALYSE EXPLAIN CREATE ALTER DROP REINDEX TRUNCATE RENAME COMMENT GRANT REVOKE DENY COPY UNLOAD LOAD CALL EXEC EXECUTE DO "
    "DECLARE FETCH OPEN CLOSE MOVE PREPARE DEALLOCATE DISCARD SET RESET SHOW USE DESCRIBE DESC LISTEN UNLISTEN NOTIFY LOCK UNLOCK CLUSTER REFRESH CHECKPOINT "
    "KILL FLUSH OPTIMIZE REPAIR CHECK HANDLER PRINT IF WAITFOR BULK DBCC GO PURGE FLASHBACK AUDIT NOAUDIT IMPORT EXPORT INSTALL SUMMARIZE PUT GET LIST LS "
    "REMOVE RM UNDROP CACHE UNCACHE XA REASSIGN SECURITY IDENTIFY HELP SIGNAL BACKUP RESTORE".split()
)
_DDL = frozenset(["CREATE", "ALTER", "DROP", "REINDEX", "TRUNCATE", "RENAME", "COMMENT", "UNDROP"])
#: Statements that prepare a session; the operation of a text is its first one beyond these.
_SESSION = frozenset(["SET", "USE", "BEGIN", "START", "DECLARE", "IF", "GO", "PRINT", "END", "COMMIT", "ROLLBACK"])
_CHANGES = frozenset(["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH"])
_ALIASES = {"FROM": "SELECT", "EXEC": "CALL", "DESC": "DESCRIBE", "ANALYSE": "ANALYZE"}
#: Words between a word that announces a table and the table.
_SKIPPED = frozenset(
    "IF NOT EXISTS OR IGNORE REPLACE ABORT FAIL ROLLBACK ONLY LOW_PRIORITY DELAYED HIGH_PRIORITY QUICK OVERWRITE INTO TABLE TEMPORARY TEMP CONCURRENTLY "
    "FROM VIEW TABLES".split()
)
#: Words that end the expectation of a table.
_CANCELS = frozenset(
    "SELECT LATERAL VALUES SET DEFAULT WHERE ALL STDIN STDOUT PROGRAM OUTFILE DUMPFILE SCHEMA DATABASE FUNCTION PROCEDURE SEQUENCE UNNEST JSON_TABLE TOP "
    "CONFLICT DUPLICATE COMMIT DELETE UPDATE CASCADE LANGUAGE TYPE DOMAIN FOREIGN LARGE WITH ANY".split()
)
#: Words that follow a table and are no alias of it.
_NO_ALIAS = frozenset(
    "SET WHERE ON USING GROUP ORDER HAVING LIMIT OFFSET FETCH FOR JOIN INNER LEFT RIGHT FULL CROSS NATURAL OUTER STRAIGHT_JOIN UNION EXCEPT INTERSECT MINUS "
    "VALUES DEFAULT SELECT RETURNING OUTPUT WITH WHEN WINDOW QUALIFY TABLESAMPLE PARTITION FORCE IGNORE START CONNECT MODEL PIVOT UNPIVOT ADD DROP ALTER "
    "RENAME MODIFY CHANGE OWNER TO FROM IS CASCADE RESTRICT LIKE INTO APPLY LATERAL OPTION ASOF POSITIONAL ANTI SEMI CLUSTER ENGINE RESTART CONTINUE IN "
    "INHERITS ENABLE DISABLE EXECUTE FOLLOWS SHOW LOCK READ WRITE LOW_PRIORITY AND OR THEN END VALIDATE REPLICA".split()
)
_JOINS = frozenset(["FROM", "JOIN", "INTO", "TABLE", "VIEW", "STRAIGHT_JOIN", "APPLY"])
#: Functions whose arguments contain the word FROM.
_FROM_ARGUMENTS = frozenset(["EXTRACT", "SUBSTRING", "SUBSTR", "TRIM", "OVERLAY", "POSITION"])
#: A `CREATE <this>` says the table after ON.
_ON_TABLE = frozenset(["INDEX", "TRIGGER", "POLICY", "RULE", "STATISTICS"])
#: Statements in which INTO names a variable, and those in which the word TABLE announces one.
_INTO_VARIABLES = frozenset(["BEGIN", "DECLARE", "FETCH", "ATTACH"])
_NAMES_TABLE = frozenset("DDL LOCK ANALYZE OPTIMIZE REPAIR CHECK REFRESH GRANT REVOKE LOAD INSERT CACHE UNCACHE SHOW DESCRIBE FLASHBACK TABLE".split())
_AFTER_VACUUM = frozenset(["VERBOSE", "FULL", "FREEZE", "INTO", "TABLE"])
_NAMING = ("word", "name", "quoted")
_VERB_BEFORE = frozenset(["", ";", "(", ")", "AS", "EXPLAIN", "ANALYZE", "VERBOSE", "BEGIN", "ELSE", "LOOP", "PLAN", "ALSO", "INSTEAD"])


def summarise(text: str, system: str = "") -> "Tuple[str, str, str]":
    """Gives (operation, tables, summary); `system` is the value of `db.system.name`.

    Example: `select * from t where a = 'x' and b in (1, 2)` gives `("SELECT", "t", "select * from t where a = ? and b in (?)")`.
    """
    tokens = tokenize(text[:MOST_CHARACTERS], system)
    begin = next((at for at, (kind, token) in enumerate(tokens) if not (kind == "sign" and token in "(;{")), len(tokens))
    if tokens[begin : begin + 3] and [token for _, token in tokens[begin : begin + 2]] == ["", "="]:  # {? = call procedure(...)}
        begin += 2
    if begin == len(tokens) or tokens[begin][0] != "word" or tokens[begin][1].upper() not in _VERBS:
        return "OTHER", "", ""
    walk = _Walk(tokens, system)
    walk.run()
    return walk.operation(), ",".join(sorted(walk.found())), walk.summary()


class _Walk:
    """One pass over the tokens."""

    def __init__(self, tokens: "List[Token]", system: str) -> None:
        self.tokens = tokens
        self.system = system
        self.parts: "List[str]" = []
        self.operations: "List[str]" = []
        self.tables: "Set[str]" = set()
        self.aliases: "Set[str]" = set()
        self.aliased: "Set[str]" = set()  # tables that have an alias
        self.hidden: "Set[str]" = set()  # common table expressions, lower case
        self.verb = ""  # of the statement the walk is in
        self.kind = ""  # what it creates, alters or drops
        self.expecting = ""  # word that announced a table
        self.depth = 0
        self.scopes: "List[str]" = []  # for each open parenthesis: "from" inside EXTRACT and the like, else what is to go on after it
        self.expressions = -1  # depth of the WITH whose names are being given; -1: none
        self.awaits_expression = False
        self.is_listing = False  # a comma here is followed by another table
        self.columns = -1  # depth of a list of column names
        self.is_bare_values = False  # words are values here: PRAGMA x = word, SET x = word, EXEC p word
        self.at = 0

    def run(self) -> None:
        previous = ""
        before = ""
        while self.at < len(self.tokens):
            kind, token = self.tokens[self.at]
            upper = token.upper() if kind == "word" else ""
            if kind == "quoted":
                kind = self._read_quoted(previous)
            if kind in ("name", "word") and self._is_secret(previous, before):
                kind = "literal"
            if kind == "literal":
                self._literal()
                previous, before = "?", previous
            elif kind == "sign":
                self._sign(token, previous)
                previous, before = token, previous
            elif kind == "word" and self._word(token, upper, previous):
                previous, before = upper, previous
            else:
                self._name(token, previous)
                previous, before = "name", previous
            self.at += 1

    def _next(self, number: int = 1) -> "Token":
        at = self.at + number
        return self.tokens[at] if at < len(self.tokens) else ("", "")

    def _literal(self) -> None:
        if self.parts[-2:] == ["?", ","]:
            self.parts.pop()  # a list of literals is one placeholder
        else:
            self.parts.append("?")
        if self.expecting and self.expecting != "CALL":
            self.is_listing = self.expecting == "FROM"
            self.expecting = ""

    def _read_quoted(self, previous: str) -> str:
        if self.system in QUOTED_NAMES:
            return "name"
        if previous == "." or self._next()[1] == "." or (self.expecting and self.expecting != "VALUES"):
            return "name"
        if self.system in QUOTED_TEXTS:
            return "literal"
        # SQLite takes a double-quoted text that names nothing as a string; only where a column is named it is surely a name.
        return "name" if self.columns == self.depth and previous in ("(", ",") else "literal"

    def _is_secret(self, previous: str, before: str) -> bool:
        if (previous == "BY" and before == "IDENTIFIED") or previous in ("PASSWORD", "SECRET", "PWD"):
            return True
        if previous == "REPLACE" and before == "?":
            return True
        if not self.is_bare_values:
            return False
        if self.verb == "CALL":
            return True
        return previous in ("=", "TO", ",", "(", "name", "?") and self.verb in ("SET", "PRAGMA", "ALTER")

    def _sign(self, token: str, previous: str) -> None:
        if token == "(":
            word = previous if previous in _FROM_ARGUMENTS else ""
            self.scopes.append("FROM" if word else "LIST" if self.is_listing else "")
            self.depth += 1
            self.is_listing = self.expecting in ("FROM", "JOIN") and self._next()[0] in _NAMING
            if self.expecting not in ("FROM", "JOIN", "USING"):
                self.expecting = ""
            if self.awaits_expression and self.depth == self.expressions + 1 and previous == "AS":
                self.awaits_expression = False
        elif token == ")":
            if self.scopes:
                scope = self.scopes.pop()
                self.depth -= 1
                self.is_listing = scope == "LIST"
                if self.columns > self.depth:
                    self.columns = -1
            self.expecting = "TABLE" if self.verb in ("VACUUM", "ANALYZE") and not self.depth else ""
        elif token == ";":
            self.verb = self.kind = self.expecting = ""
            self.is_listing = self.is_bare_values = self.awaits_expression = False
            self.expressions = self.columns = -1
        elif token == ",":
            if self.expressions == self.depth and previous == ")":
                self.awaits_expression = True
            elif self.is_listing:
                self.expecting = "FROM"
        elif token == "=" and self.verb in ("SET", "PRAGMA"):
            self.is_bare_values = True
        self.parts.append(token)

    def _word(self, token: str, upper: str, previous: str) -> bool:
        """Handles a word that is no name of a table; gives False for one that may be."""
        if self.awaits_expression:
            if upper == "RECURSIVE":
                self.parts.append(token)
                return True
            return False
        if not self.verb:
            if upper == "WITH":
                self.verb = "WITH"
                self._begin_expressions()
            elif upper in _VERBS:
                self._begin(upper, previous)
            else:
                self.verb = "?"
                return False
            self.parts.append(token)
            return True
        if (
            self.verb == "WITH"
            and self.depth == self.expressions
            and upper in ("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "VALUES", "TABLE", "FROM")
        ):
            self.expressions = -1
            self._begin(upper, previous)
            self.parts.append(token)
            return True
        if self.verb in ("IF", "BEGIN", "BULK") and upper in _CHANGES and previous in (")", "BEGIN", "ELSE", "THEN", "BULK"):
            self._begin(upper, previous)
            self.parts.append(token)
            return True
        if self.expecting:
            if upper == "TOP" and self.expecting in ("UPDATE", "INSERT", "DELETE", "MERGE") and self._next()[1] == "(":
                end = self.at
                while end < len(self.tokens) and self.tokens[end][1] != ")":
                    end += 1
                self.parts.append(token + " (?)")
                self.at = end
                return True
            if upper in _CANCELS or (upper in _NO_ALIAS and upper not in _SKIPPED and upper not in ("START", "ADD", "READ", "WRITE", "SHOW")):
                self.expecting = ""
            elif upper in _SKIPPED:
                self.parts.append(token)
                return True
            else:
                return False
        self._announce(upper, previous)
        self.parts.append(token)
        return True

    def _begin(self, upper: str, previous: str) -> None:
        self.verb = verb = "DDL" if upper in _DDL else _ALIASES.get(upper, upper)
        if upper == "EXECUTE" and self.system == "microsoft.sql_server":
            self.verb = verb = "CALL"
        self.operations.append(verb)
        self.kind = ""
        self.is_listing = False
        following = self._next()
        if upper in ("UPDATE", "INSERT", "REPLACE", "MERGE", "TRUNCATE", "COPY", "LOCK", "DESCRIBE", "SUMMARIZE", "FROM", "UNLOAD", "UPSERT"):
            self.expecting = upper
            self.is_listing = upper in ("UPDATE", "FROM", "LOCK", "TRUNCATE")
        elif upper == "DELETE":
            self.expecting = upper
        elif upper in ("DESC", "TABLE"):
            self.expecting = "FROM"
        elif upper in ("ANALYZE", "VACUUM") and following[0] in _NAMING and following[1].upper() not in _AFTER_VACUUM:
            self.expecting = "TABLE"
        elif verb == "CALL":
            self.expecting = "CALL"

    def _begin_expressions(self) -> None:
        self.expressions = self.depth
        self.awaits_expression = True

    def _announce(self, upper: str, previous: str) -> None:
        verb = self.verb
        if upper in _JOINS:
            if upper == "FROM" and (
                (self.scopes and self.scopes[-1] == "FROM")
                or previous == "DISTINCT"
                or verb in ("FETCH", "MOVE", "REVOKE", "CALL", "DEALLOCATE")
                or (verb == "SHOW" and previous in ("TABLES", "DATABASES", "SCHEMAS"))
            ):
                return
            if (
                upper == "INTO"
                and previous not in ("INSERT", "MERGE")
                and (verb in _INTO_VARIABLES or (verb == "SELECT" and self.operations[0] in _INTO_VARIABLES))
            ):
                return
            if upper in ("TABLE", "VIEW") and verb not in _NAMES_TABLE and previous != "CREATE":
                return
            self.expecting = upper
            self.is_listing = upper == "FROM" or (upper in ("TABLE", "VIEW") and verb in ("DDL", "LOCK"))
            if upper in ("TABLE", "VIEW") and not self.kind:
                self.kind = upper
        elif upper == "UPDATE":
            if previous in _VERB_BEFORE:
                self.expecting = upper
        elif upper in ("INSERT", "MERGE"):
            if previous in _VERB_BEFORE and self._next()[1].upper() not in ("INTO", "ALL", "FIRST"):
                self.expecting = upper
        elif upper == "USING":
            if verb in ("MERGE", "DELETE"):
                self.expecting = "FROM"
                self.is_listing = verb == "DELETE"
        elif upper == "ON":
            self.is_listing = False
            if (verb == "DDL" and self.kind in _ON_TABLE) or verb in ("GRANT", "REVOKE", "DENY"):
                self.expecting = "ON"
                self.is_listing = verb != "DDL"
        elif upper == "WITH":
            if previous in ("(", "AS") or verb in ("INSERT", "REPLACE", "EXPLAIN"):
                if self._next()[0] in _NAMING and self._next()[1].upper() not in ("TIES", "CHECK", "NO", "DATA"):
                    self._begin_expressions()
        elif upper in _ON_TABLE and verb == "DDL" and not self.kind:
            self.kind = upper
        elif upper in ("WHERE", "SET", "GROUP", "ORDER", "VALUES", "HAVING", "SELECT", "RETURNING", "LIMIT", "WINDOW", "TO", "AS"):
            self.is_listing = False
            if upper == "SELECT" and self.kind in _ON_TABLE:
                self.kind = "SELECT"
            if upper == "TO" and verb == "SET":
                self.is_bare_values = True
        elif upper == "OUTFILE" or upper == "DUMPFILE":
            self.expecting = ""

    def _name(self, token: str, previous: str) -> None:
        """A name: of a common table expression, a table or anything else."""
        if self.awaits_expression:
            if previous != "." and token.upper() not in ("NOT", "MATERIALIZED") and previous not in ("name", ")", "AS", "(", "AS"):
                self.hidden.add(token.lower())
                self.awaits_expression = True
            self.parts.append(token)
            self.awaits_expression = False
            return
        if self.expecting and previous != ".":
            self._table(token)
            return
        self.parts.append(token)

    def _table(self, token: str) -> None:
        announced, self.expecting = self.expecting, ""
        name, shown = token, token
        while self._next()[1] == "." and self._next()[0] == "sign":
            kind, following = self._next(2)
            if following == "." and kind == "sign":  # database..table
                name, shown = name + ".", shown + "."
                self.at += 1
                continue
            if kind not in _NAMING:
                break
            name, shown = name + "." + following, shown + "." + following
            self.at += 2
        self.parts.append(shown)
        kind, following = self._next()
        is_call = following == "(" and kind == "sign"
        if announced == "CALL":
            self.is_bare_values = not is_call
            return
        if is_call and announced in ("FROM", "JOIN", "APPLY", "USING"):
            return  # a table function
        if is_call and (self.verb in ("INSERT", "REPLACE", "MERGE", "COPY", "UPSERT") or (self.verb == "DDL" and self.kind in ("TABLE", "VIEW"))):
            self.columns = self.depth + 1
            self.is_listing = False
        if kind == "sign" and following == "@":  # table at a database link
            return
        self.tables.add(name)
        if announced == "DELETE" and kind == "sign" and following == ",":
            self.expecting = "DELETE"
        step = 1
        if kind == "word" and following.upper() == "AS":
            step = 2
            kind, following = self._next(2)
        if kind in ("name", "quoted") or (kind == "word" and following.upper() not in _NO_ALIAS and (step == 2 or following.upper() not in _VERBS)):
            if self.verb != "DDL" or announced in ("FROM", "JOIN"):
                if following.upper() != "SELECT":
                    self.aliases.add(following.lower())
                    self.aliased.add(name)

    def operation(self) -> str:
        """First operation that does more than prepare the session."""
        for each in self.operations:
            if each not in _SESSION:
                return each
        return self.operations[0] if self.operations else "OTHER"

    def found(self) -> "Set[str]":
        """Tables, without common table expressions and aliases."""
        out = set()
        for name in self.tables:
            lower = name.lower()
            if lower in self.hidden or lower == "dual" or (lower in self.aliases and name not in self.aliased and len(self.tables) > 1):
                continue
            out.add(name.replace(",", "_"))
        return out

    def summary(self) -> str:
        text = " ".join(self.parts).replace(" . ", ".").replace(" ,", ",").replace(" ;", ";").rstrip("; ").replace("( ", "(").replace(" )", ")")
        text = text.replace(" :: ", "::").replace("[ ", "[").replace(" ]", "]").replace(" [", "[")
        while "(?), (?)" in text:  # halves their number each time
            text = text.replace("(?), (?)", "(?)")
        return text
