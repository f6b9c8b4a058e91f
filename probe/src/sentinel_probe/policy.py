"""What policies say of an activity: the twin of `packages/policy/src/evaluate.ts`. Pure: no clock, no file, no network.

Policies come as the text that `packages/policy/src/endpoint-text.ts` writes; there is no parser of conditions and no `eval` here.
A fact is a str, an int, a bool or a list of str; a missing one, or one of another type, is unknown. Logic is Kleene's: unknown is None.
Both languages run every file of `vectors/policy`.
"""

from _operator import methodcaller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

    #: fact, Python type that its value must have, question, answer wanted
    Test = Tuple[str, Any, Callable[[Any], bool], bool]
    Condition = List[Tuple[Test, ...]]
    Row = Tuple["Statement", Tuple[Tuple[Test, ...], ...]]
    #: the same with the one test that it is, if it is but one
    QuickRow = Tuple["Statement", Tuple[Tuple[Test, ...], ...], Optional[Test]]
    #: What a condition wants of texts, by its branches: (fact, operator, whether case counts not, texts)
    Texts = List[List[Tuple[str, str, bool, List[str]]]]

TEXT_VERSION = "1"
RANKS = {"allow": 0, "observe": 1, "warn": 2, "redact": 3, "approve": 4, "block": 5, "kill": 6}
MOST = 2**53 - 1

_UNESCAPED = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_LOWER = {code: code + 32 for code in range(65, 91)}
_TYPES = {"string": str, "int": int, "boolean": bool, "string[]": list}


class Statement:
    """One statement in the form that is evaluated."""

    __slots__ = (
        *("activities", "effect", "excepted", "fails_closed", "hold_s", "id", "is_after", "is_cacheable", "is_enforced", "is_floor"),
        *("matches_unknown", "policy_id", "rank", "reason", "severity", "texts", "when"),
    )

    def __init__(self, policy: "List[str]", fields: "List[str]") -> None:
        self.policy_id = policy[1]
        self.is_enforced = policy[3] == "enforce"
        self.id = fields[1]
        self.activities = fields[2].split(",")
        self.effect = fields[3]
        self.rank = RANKS[self.effect]
        self.severity = fields[4]
        flags = fields[5]
        self.is_cacheable = "c" in flags
        self.is_floor = "f" in flags
        self.matches_unknown = "u" in flags
        self.fails_closed = "e" in flags
        self.is_after = "a" in flags
        self.hold_s = int(fields[6])
        self.reason = fields[7]
        self.when: "Condition" = []
        self.excepted: "Condition" = []
        self.texts: "Texts" = []


class Verdict:
    """What policies say: `matches` are (statement, whether only because facts are missing), in order."""

    __slots__ = ("decided", "effect", "enforced", "is_cacheable", "matches", "skipped_unknown")

    def __init__(self) -> None:
        self.matches: "List[Tuple[Statement, bool]]" = []
        self.decided: "Optional[Statement]" = None
        self.effect = self.enforced = "allow"
        self.skipped_unknown = 0
        self.is_cacheable = True


class Statements:
    """Statements about one activity type, in order, in the shape that is fast to go through.

    Most of them want some text of one fact, such as the path, or more than some number, such as the bytes sent: a guard asks once whether the fact
    has any of those texts, or is above the least of those numbers. Where it is not, its rows cannot match, whatever else is unknown, and are left out.
    """

    __slots__ = ("guards", "is_cacheable", "is_folded", "picks", "rows", "texts", "_guarded")

    def __init__(self, rows: "List[Row]", texts: "List[Texts]", is_folded: bool = False) -> None:
        self.is_folded = is_folded
        self.rows = rows
        self.texts = texts
        self.is_cacheable = all([statement.is_cacheable for statement, _ in rows])
        #: fact, its Python type, question, number of the guard as a bit
        self.guards, self._guarded = _guards(texts)
        #: Rows that are left, by the guards whose question was answered with no.
        self.picks: "Dict[int, List[QuickRow]]" = {}

    def pick(self, mask: int) -> "List[QuickRow]":
        """Rows that are left where these guards said no; kept for the next time."""
        found = self.picks[mask] = [(*row, _only_test(row[1])) for row, bit in zip(self.rows, self._guarded) if not bit & mask]
        return found


def read(text: str) -> "Dict[str, Statements]":
    """Statements by activity type. Raises ValueError for a text of another version, KeyError or IndexError for a broken one."""
    lines = text.split("\n")
    if lines[0] != "V\t" + TEXT_VERSION:
        raise ValueError("version of the policy text: " + lines[0][:20])
    by_type: "Dict[str, List[Statement]]" = {}
    policy: "List[str]" = []
    statement: "Any" = None
    tests: "List[Test]" = []
    condition: "Condition" = []
    branches: "Optional[List[Any]]" = None
    for line in lines[1:]:
        if not line:
            continue
        fields = line.split("\t")
        if "\\" in line:
            fields = [_unescape(field) for field in fields]
        kind = fields[0]
        if kind == "T":
            tests.append(_test(fields))
            if branches is not None:
                if fields[2] == "string":
                    if "n" not in fields[4] and fields[3] in TEXTS:
                        branches[-1].append((fields[1], fields[3], "f" in fields[4], fields[5:]))
                elif fields[2] == "int" and (fields[3], "n" in fields[4]) in _LESS:
                    branches[-1].append((fields[1], ABOVE, False, [str(int(fields[5]) - _LESS[(fields[3], "n" in fields[4])])]))
            continue
        if tests:
            condition[-1] = tuple(tests)
            tests = []
        if kind == "W" or kind == "X":
            condition = statement.when if kind == "W" else statement.excepted
            condition.append(())
            branches = statement.texts if kind == "W" else None
            if branches is not None:
                branches.append([])
        elif kind == "S":
            statement = Statement(policy, fields)
            for name in statement.activities:
                by_type.setdefault(name, []).append(statement)
        elif kind == "P":
            policy = fields
        else:
            raise ValueError("line of the policy text: " + kind[:20])
    if tests:
        condition[-1] = tuple(tests)
    return {name: Statements([(each, tuple(each.when)) for each in all_], [each.texts for each in all_]) for name, all_ in by_type.items()}


def evaluate(statements: Statements, facts: "Dict[str, Any]") -> Verdict:
    """Verdict of the statements about one activity type, over facts by name."""
    verdict = Verdict()
    verdict.is_cacheable = statements.is_cacheable
    get = facts.get
    mask = skipped = 0
    for fact, type_, ask, bit in statements.guards:
        value: "Any" = get(fact)
        if type(value) is type_ and not ask(value):
            mask |= bit
    rows = statements.picks.get(mask)
    if rows is None:
        rows = statements.pick(mask)
    for statement, when, only in rows:
        if only is not None:  # most conditions are one test: neither of the two loops is worth beginning
            fact, type_, ask, wanted = only
            value = get(fact)
            if type(value) is type_:
                if ask(value) is not wanted:
                    continue
                answer: "Optional[bool]" = True
            else:
                answer = None
            when = ()
        else:
            answer = False
        for tests in when:
            is_unknown = False
            for fact, type_, ask, wanted in tests:
                value = get(fact)
                if type(value) is type_:
                    if type_ is int and not -MOST <= value <= MOST:
                        is_unknown = True
                    elif ask(value) is not wanted:
                        break
                elif type_ is not None:
                    if answer is None:  # another branch is unknown already, and this one cannot hold any more
                        break
                    is_unknown = True
                elif (value is not None) is not wanted:
                    break
            else:
                if not is_unknown:
                    answer = True
                    break
                answer = None
        if answer is None and not statement.matches_unknown:
            skipped += 1
        elif answer is not False and not (statement.excepted and holds(statement.excepted, facts)):
            _match(verdict, statement, answer)
    verdict.skipped_unknown = skipped
    return verdict


def _only_test(when: "Tuple[Tuple[Test, ...], ...]") -> "Optional[Test]":
    """The one test of a condition that is no more; numbers and questions for the presence of a fact have rules of their own."""
    if len(when) != 1 or len(when[0]) != 1 or when[0][0][1] in (int, None):
        return None
    return when[0][0]


def _match(verdict: Verdict, statement: Statement, answer: "Optional[bool]") -> None:
    verdict.matches.append((statement, answer is None))
    decided = verdict.decided
    if decided is None or statement.rank > decided.rank:
        verdict.decided = statement
        verdict.effect = statement.effect
    if statement.is_enforced and statement.rank > RANKS[verdict.enforced]:
        verdict.enforced = statement.effect


def holds(condition: "Iterable[Tuple[Test, ...]]", facts: "Dict[str, Any]") -> "Optional[bool]":
    """Whether a condition holds; None where facts that would decide it are missing."""
    answer: "Optional[bool]" = False
    for tests in condition:
        all_hold: "Optional[bool]" = True
        for fact, type_, ask, wanted in tests:
            value = facts.get(fact)
            if type_ is None:  # asks whether there is such a fact
                one: "Optional[bool]" = (value is not None) is wanted
            elif type(value) is not type_ or (type(value) is int and not -MOST <= value <= MOST):
                one = None
            else:
                one = ask(value) is wanted
            if one is False:
                all_hold = False
                break
            if one is None:
                all_hold = None
        if all_hold:
            return True
        if all_hold is None:
            answer = None
    return answer


def fold_run(statements: Statements, fixed: "Dict[str, Any]") -> Statements:
    """The same statements for one run, whose fixed facts are given: what these decide is decided, and need not be asked again."""
    rows: "List[Row]" = []
    texts: "List[Texts]" = []
    for (statement, when), wants in zip(statements.rows, statements.texts):
        left = []
        for tests, wanted in zip(when, wants):
            answers = [holds(((test,),), fixed) if test[0] in fixed else None for test in tests]
            if False not in answers:
                open_tests = tuple([test for test, answer in zip(tests, answers) if answer is None])
                left.append((open_tests, [each for each in wanted if each[0] not in fixed]))
        if left:
            rows.append((statement, tuple([tests for tests, _ in left])))
            texts.append([wanted for _, wanted in left])
    return Statements(rows, texts, True)


def _guards(texts: "List[Texts]") -> "Tuple[List[Tuple[str, Any, Callable[[Any], bool], int]], List[int]]":
    """Questions that spare statements, and for each statement the bit of the one that does."""
    wants = [[{each[0]: each for each in branch} for branch in branches] for branches in texts]
    common = [set(branches[0]).intersection(*branches[1:]) if branches else set() for branches in wants]
    bits = [0] * len(texts)
    guards: "List[Tuple[str, Any, Callable[[Any], bool], int]]" = []
    while len(guards) < MOST_GUARDS:
        wanting: "Dict[str, List[int]]" = {}
        wanted: "Dict[str, int]" = {}
        for at, facts in enumerate(common):
            if not bits[at]:
                for fact in facts:
                    wanting.setdefault(fact, []).append(at)
                    wanted[fact] = wanted.get(fact, 0) + sum([len(branch[fact][3]) for branch in wants[at]])
        # Many texts are wanted of a fact that has many, such as a host; few of one such as a method, which says little.
        able = [fact for fact in sorted(wanting) if len(wanting[fact]) >= LEAST_GUARDED]
        if not able:
            break
        fact = max(able, key=lambda name: wanted[name])
        asked: "Dict[Tuple[str, bool], List[str]]" = {}
        bit = 1 << len(guards)
        for at in wanting[fact]:
            bits[at] = bit
            for branch in wants[at]:
                _, operator, is_folded, operands = branch[fact]
                asked.setdefault((operator, is_folded), []).extend(operands)
        if (ABOVE, False) in asked:
            guards.append((fact, int, _above(min([int(each) for each in asked[(ABOVE, False)]])), bit))
        else:
            asks = [_asking(operator, is_folded, operands) for (operator, is_folded), operands in asked.items()]
            guards.append((fact, str, asks[0] if len(asks) == 1 else _either(asks), bit))
    return guards, bits


def _above(least: int) -> "Callable[[int], bool]":
    # What is no number of the language is unknown to the statement itself.
    return lambda value: value > least or value < -MOST


def _either(asks: "List[Callable[[Any], bool]]") -> "Callable[[Any], bool]":
    return lambda value: any([ask(value) for ask in asks])


#: A question for fewer statements than this costs more than it spares.
LEAST_GUARDED = 3
MOST_GUARDS = 4
#: What a test that only holds above a number is to the guards; and such tests, operator and whether negated, with what the number is less by.
ABOVE = ">"
_LESS = {("gt", False): 0, ("ge", False): 1, ("le", True): 0, ("lt", True): 1}

#: What is said of an activity type that no statement speaks of.
NONE = Statements([], [])


def _unescape(text: str) -> str:
    parts = text.split("\\")
    out = [parts[0]]
    at = 1
    while at < len(parts):
        part = parts[at]
        if part:
            out.append(_UNESCAPED[part[0]] + part[1:])
        else:  # an escaped backslash: the next part is plain text
            at += 1
            out.append("\\" + parts[at])
        at += 1
    return "".join(out)


def _test(fields: "List[str]") -> "Test":
    _, fact, type_name, operator, flags = fields[:5]
    operands = fields[5:]
    wanted = "n" not in flags
    if operator == "known":
        return fact, None, bool, wanted
    type_ = _TYPES[type_name]
    if operator == "is":
        return fact, bool, bool, wanted
    if operator[:4] == "size":
        return fact, list, _of_size(getattr(int(operands[0]), _REVERSED[operator[4:].lower()])), wanted
    if operator in _REVERSED:
        return fact, int, getattr(int(operands[0]), _REVERSED[operator]), wanted
    ask = _asking(operator, "f" in flags, operands)
    return fact, type_, _any(ask) if type_ is list else ask, wanted


def _asking(operator: str, is_folded: bool, operands: "List[str]") -> "Callable[[Any], bool]":
    ask = TEXTS[operator](operands)
    # `under` folds by itself.
    return _folded(ask) if is_folded and operator != "under" else ask


#: `value < 5` is `(5).__gt__(value)`.
_REVERSED = {"eq": "__eq__", "lt": "__gt__", "le": "__ge__", "gt": "__lt__", "ge": "__le__"}


def _of_size(ask: "Callable[[Any], bool]") -> "Callable[[Any], bool]":
    return lambda value: ask(len(value))


def _folded(ask: "Callable[[Any], bool]") -> "Callable[[Any], bool]":
    return lambda value: ask(fold(value))


def _any(ask: "Callable[[Any], bool]") -> "Callable[[Any], bool]":
    return lambda value: any([ask(each) for each in value])


def fold(text: str) -> str:
    """A to Z as a to z, every other character as it is."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def _contains(texts: "List[str]") -> "Callable[[Any], bool]":
    return lambda value: any([text in value for text in texts])


def _under(domains: "List[str]") -> "Callable[[Any], bool]":
    own = frozenset(domains)
    below = tuple(["." + domain for domain in domains])
    known = _hosts.get
    if len(domains) > FEW_DOMAINS:
        return lambda value: _is_below(known(value) or _host(value), own)

    def ask(value: str) -> bool:
        host = known(value) or _host(value)
        return host in own or host.endswith(below)

    return ask


#: Hosts as they are compared, by how they were told: a run talks to few.
_hosts: "Dict[str, str]" = {}
MOST_HOSTS = 500
#: Up to here one call for all suffixes is quicker than a look at each label.
FEW_DOMAINS = 12


def _is_below(host: str, own: "Any") -> bool:
    while host not in own:
        at = host.find(".")
        if at < 0:
            return False
        host = host[at + 1 :]
    return True


def _host(value: str) -> str:
    host = value.lower() if value.isascii() else value.translate(_LOWER)
    if host[-1:] == ".":
        host = host[:-1]
    if len(_hosts) >= MOST_HOSTS:
        _hosts.clear()
    _hosts[value] = host
    return host


def _glob(patterns: "List[str]") -> "Callable[[Any], bool]":
    from . import policy_glob

    return policy_glob.matcher(patterns)


def _in_net(nets: "List[str]") -> "Callable[[Any], bool]":
    from . import policy_net

    return policy_net.matcher(nets)


#: Questions about texts, by operator.
TEXTS: "Dict[str, Callable[[List[str]], Callable[[Any], bool]]]" = {
    "in": lambda texts: frozenset(texts).__contains__,
    "startsWith": lambda texts: methodcaller("startswith", tuple(texts)),
    "endsWith": lambda texts: methodcaller("endswith", tuple(texts)),
    "contains": _contains,
    "under": _under,
    "glob": _glob,
    "inNet": _in_net,
}
