"""Counts of statements that run many times, so that one more of them touches one object.

A statement of which nothing but the number of executions is asked lends them out: a tuple iterator, of which each execution takes one step, is the
cheapest counter there is (a `for` over it makes neither a call nor a number). What is left of it says how many ran.
Source: https://docs.python.org/3/library/sqlite3.html#sqlite3.Cursor.rowcount, PEP 424 (`__length_hint__`)
"""

import sys

from . import core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

#: What is lent at most at once, and what was used up.
_STEPS = (1,) * 256
_USED_UP: "Any" = iter(())


class Tally:
    """Counts of one text of a statement; many texts have one activity, and a call should touch one object."""

    __slots__ = ("activity", "count", "due", "errors", "is_change", "is_single", "left", "lent", "next", "rows", "settled")

    def __init__(self, activity: "core.Activity", is_change: bool, may_be_single: bool) -> None:
        self.activity = activity
        self.count = self.rows = self.errors = 0
        self.due = 0  # count at which more is to be done than to count
        self.next = 1  # count at which the clock is looked at, where rows have to be asked for each time
        self.is_change = is_change  # whether it changes rows
        self.is_single = may_be_single  # whether each execution changes one row; asked at the first one
        self.left: "Any" = _USED_UP  # executions that may run without being counted one by one
        self.lent = 0  # how many of them were left when they were counted last
        self.settled = (0, 0, 0)

    def is_waiting(self) -> bool:
        """Whether it is not known yet which activity it counts for."""
        return self.activity is core.IGNORED and self is not IGNORED

    def bind(self, activity: "core.Activity", is_change: bool) -> None:
        """Says what was counted so far, and from now on."""
        self.activity = activity
        self.is_change = is_change
        self.next = self.count + 1
        self.due = 0 if is_change else self.next

    def settle(self) -> None:
        """Brings the activity up to date. Only from inside `core.slow`."""
        if self.activity is core.IGNORED:
            return
        self.take()
        count, rows, errors = self.count, self.rows, self.errors
        if self.is_single and not self.is_change:
            rows += count - errors
        before = self.settled
        self.settled = (count, rows, errors)
        activity = self.activity
        activity.count += count - before[0]
        activity.rows += rows - before[1]
        activity.errors += errors - before[2]

    def take(self) -> None:
        """Counts what ran of the lent executions."""
        if self.lent:
            left = self.left.__length_hint__()
            self.count += self.lent - left
            self.lent = left

    def lend(self, quick: "Dict[Any, Any]", statement: object) -> None:
        """Lends executions until the clock is to be looked at again, where one more of them changes nothing but the count."""
        self.take()
        number = self.next - self.count - 1
        if number > 0 and not (self.is_change or self.lent or core.IS_FREE_THREADED):
            self.left = quick[statement] = iter(_STEPS[:number])
            self.lent = self.left.__length_hint__()
            self.due = 0  # whoever finds nothing left counts it all

    def recall(self) -> None:
        """Takes back what is lent."""
        self.take()
        self.lent = 0
        for _ in self.left:
            pass

    def ask(self) -> None:
        """Has rows asked for each time from now on."""
        self.recall()
        if self.is_single:
            if not self.is_change:
                self.rows += self.count - self.errors
            self.is_single = False
            self.is_change = True
            self.due = 0

    def tick(self) -> None:
        """Looks at the clock, as `core.tick` does. Only from inside `core.slow`."""
        self.settle()
        core.tick(self.activity)
        step = self.activity.step
        self.next = self.count + (len(_STEPS) if step == core.BURST else step)
        if not self.is_change:
            self.due = self.next


#: Counts nothing that is kept.
IGNORED = Tally(core.IGNORED, False, False)
IGNORED.due = IGNORED.next = sys.maxsize


def waiting() -> "Tally":
    """Counts for an activity that will be known later; changed rows are asked for each time."""
    found = Tally(core.IGNORED, True, False)
    found.next = sys.maxsize
    return found


def is_single(statement: str) -> bool:
    """Whether an INSERT is of one row of values, and of nothing but values."""
    head, _, values = statement.upper().partition("VALUES")
    values = values.strip(" \n\t;")
    words = head.split(None, 2)
    return words[:2] == ["INSERT", "INTO"] and values[:1] == "(" and values.find(")") == len(values) - 1 and not {"'", '"', "("} & set(values[1:])


def done(found: "Tally", cursor: "Any") -> None:
    """Counts the rows an execution changed, where that takes more than counting."""
    if found.lent:
        found.take()
    if found.is_change:
        rows = cursor.rowcount
        if rows == 1 and found.is_single:  # counted with the executions from now on, this one included
            found.is_change = False
        else:
            found.is_single = False
            if rows > 0:
                found.rows += rows
    if found.count >= found.next:
        core.slow(found.tick)
