"""Wrappers for methods of a library that run a statement.

A sensor gives two small functions:

    describe(self, args, named)    (Server, statement, text), or None where the call is to be left alone (it lies in another wrapped one)
    settle(self, result)           rows that the server sent or changed, as far as the driver knows at this moment

`statement` is the key (any hashable, usually the text itself), `text` what is summarised when the key is new: str, bytes or `dbapi.Named`.
Rows that come later (cursors on the server's side) are added with `dbapi.more`. What our own code raises by mistake never reaches the script.
"""

from . import core, dbapi, errors, patching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional, Tuple

    Described = Optional[Tuple[dbapi.Server, object, object]]


_IS_TOGETHER = core.IS_FREE_THREADED


class Wrapping:
    """Makes the wrappers of one sensor; a fault of ours takes all its patches back."""

    def __init__(self, sensor: str, undo: "List[Any]") -> None:
        self.sensor = sensor
        self.undo = undo

    def _describe(self, describe: "Callable[..., Described]") -> "Callable[..., Any]":
        sensor, undo, find = self.sensor, self.undo, dbapi.find

        def begin(self: "Any", args: "Any", named: "Any") -> "Any":
            try:
                described = describe(self, args, named)
                if described is None:
                    return None
                try:
                    return described, described[0].known[described[1]]
                except (KeyError, TypeError):  # new, or not hashable
                    return described, find(*described)
            except BaseException as error:
                if errors.survive(sensor, error, undo):
                    raise
                return None

        return begin

    def _settle(self, settle: "Callable[..., int]", keep: "Optional[Callable[..., None]]") -> "Callable[..., None]":
        sensor, undo = self.sensor, self.undo

        def end(self: "Any", found: "Any", result: "Any", error: "Optional[BaseException]") -> None:
            try:
                described, activity = found
                if error is not None:
                    dbapi.done(activity, described, 0, error)
                else:
                    text = described[2]
                    rows = text.rows if type(text) is dbapi.Named else settle(self, result)
                    if activity is None:
                        dbapi.done(None, described, rows)
                    else:
                        if _IS_TOGETHER:
                            number = core.add(activity, 1, max(rows, 0))
                        else:
                            if rows > 0:
                                activity.rows += rows
                            activity.count = number = activity.count + 1
                        if number >= activity.due:
                            core.slow(core.tick, activity)
                if keep is not None:
                    keep(self, activity, result)
            except BaseException as fault:
                if errors.survive(sensor, fault, undo):
                    raise

        return end

    def statement(self, owner: "Any", name: str, describe: "Any", settle: "Any", keep: "Any" = None, form: str = "plain", is_inherited: bool = False) -> None:
        """Patches a method that runs a statement, where the class itself defines it.

        `form`: plain, coroutine or generator (one that is driven with `yield from`), as the method itself is. `keep(self, activity, result)`
        is called at its end, also after an error, so that later rows find the record.
        """
        begin, end = self._describe(describe), self._settle(settle, keep)

        def make(original: "Any") -> "Any":
            def call(self, *args, **named):  # type: ignore[no-untyped-def]
                found = begin(self, args, named)
                try:
                    result = original(self, *args, **named)
                except BaseException as error:
                    patching.strip(error)
                    if found is not None:
                        end(self, found, None, error)
                    raise
                if found is not None:
                    end(self, found, result, None)
                return result

            async def wait(self, *args, **named):  # type: ignore[no-untyped-def]
                found = begin(self, args, named)
                try:
                    result = await original(self, *args, **named)
                except BaseException as error:
                    patching.strip(error)
                    if found is not None:
                        end(self, found, None, error)
                    raise
                if found is not None:
                    end(self, found, result, None)
                return result

            def drive(self, *args, **named):  # type: ignore[no-untyped-def]
                found = begin(self, args, named)
                try:
                    result = yield from original(self, *args, **named)
                except BaseException as error:
                    patching.strip(error)
                    if found is not None:
                        end(self, found, None, error)
                    raise
                if found is not None:
                    end(self, found, result, None)
                return result

            return patching.disguise({"plain": call, "coroutine": wait, "generator": drive}[form], original)

        if name in vars(owner) or is_inherited:
            patching.patch(owner, name, make, self.undo)

    def call(self, owner: "Any", name: str, describe: "Callable[[Any, Any], Described]", keep: "Callable[..., None]") -> None:
        """Patches a function that runs a statement; no rows are known at its end."""
        begin = self._describe(lambda _, args, named: describe(args, named))
        end = self._settle(lambda _, result: 0, keep)

        def make(original: "Any") -> "Any":
            def call(*args, **named):  # type: ignore[no-untyped-def]
                found = begin(None, args, named)
                try:
                    result = original(*args, **named)
                except BaseException as error:
                    patching.strip(error)
                    if found is not None:
                        end(None, found, None, error)
                    raise
                if found is not None:
                    end(None, found, result, None)
                return result

            return patching.disguise(call, original)

        patching.patch(owner, name, make, self.undo)

    def around(self, owner: "Any", name: str, before: "Callable[[Any], Any]", settle: "Callable[..., None]", form: str = "plain") -> None:
        """Patches a method so that `settle(self, before(self), result, error)` is called at its end."""
        sensor, undo = self.sensor, self.undo

        def begin(self: "Any") -> "Any":
            try:
                return before(self)
            except BaseException as fault:
                if errors.survive(sensor, fault, undo):
                    raise
                return None

        def end(self: "Any", state: "Any", result: "Any", error: "Optional[BaseException]") -> None:
            try:
                if state is not None:
                    settle(self, state, result, error)
            except BaseException as fault:
                if errors.survive(sensor, fault, undo):
                    raise

        def make(original: "Any") -> "Any":
            def call(self, *args, **named):  # type: ignore[no-untyped-def]
                state = begin(self)
                try:
                    result = original(self, *args, **named)
                except BaseException as error:
                    patching.strip(error)
                    end(self, state, None, error)
                    raise
                end(self, state, result, None)
                return result

            async def wait(self, *args, **named):  # type: ignore[no-untyped-def]
                state = begin(self)
                try:
                    result = await original(self, *args, **named)
                except BaseException as error:
                    patching.strip(error)
                    end(self, state, None, error)
                    raise
                end(self, state, result, None)
                return result

            return patching.disguise({"plain": call, "coroutine": wait}[form], original)

        if name in vars(owner):
            patching.patch(owner, name, make, self.undo)

    def function(self, owner: "Any", name: str, look: "Callable[..., None]", form: str = "plain") -> None:
        """Patches a function so that `look(result, error, args, named)` is called at its end."""
        sensor, undo = self.sensor, self.undo

        def seen(result: "Any", error: "Optional[BaseException]", args: "Any", named: "Any") -> None:
            try:
                look(result, error, args, named)
            except BaseException as fault:
                if errors.survive(sensor, fault, undo):
                    raise

        def make(original: "Any") -> "Any":
            def call(*args, **named):  # type: ignore[no-untyped-def]
                try:
                    result = original(*args, **named)
                except BaseException as error:
                    patching.strip(error)
                    seen(None, error, args, named)
                    raise
                seen(result, None, args, named)
                return result

            async def wait(*args, **named):  # type: ignore[no-untyped-def]
                try:
                    result = await original(*args, **named)
                except BaseException as error:
                    patching.strip(error)
                    seen(None, error, args, named)
                    raise
                seen(result, None, args, named)
                return result

            return patching.disguise({"plain": call, "coroutine": wait}[form], original)

        patching.patch(owner, name, make, self.undo)

    def after(self, owner: "Any", name: str, look: "Callable[..., None]", form: str = "plain", is_inherited: bool = False) -> None:
        """Patches a method so that `look(self, result, error, args, named)` is called at its end; class methods remain what they are."""
        sensor, undo = self.sensor, self.undo

        def seen(self: "Any", result: "Any", error: "Optional[BaseException]", args: "Any", named: "Any") -> None:
            try:
                look(self, result, error, args, named)
            except BaseException as fault:
                if errors.survive(sensor, fault, undo):
                    raise

        def make(original: "Any") -> "Any":
            def call(self, *args, **named):  # type: ignore[no-untyped-def]
                try:
                    result = original(self, *args, **named)
                except BaseException as error:
                    patching.strip(error)
                    seen(self, None, error, args, named)
                    raise
                seen(self, result, None, args, named)
                return result

            async def wait(self, *args, **named):  # type: ignore[no-untyped-def]
                try:
                    result = await original(self, *args, **named)
                except BaseException as error:
                    patching.strip(error)
                    seen(self, None, error, args, named)
                    raise
                seen(self, result, None, args, named)
                return result

            def drive(self, *args, **named):  # type: ignore[no-untyped-def]
                try:
                    result = yield from original(self, *args, **named)
                except BaseException as error:
                    patching.strip(error)
                    seen(self, None, error, args, named)
                    raise
                seen(self, result, None, args, named)
                return result

            return patching.disguise({"plain": call, "coroutine": wait, "generator": drive}[form], original)

        own = vars(owner).get(name)
        if isinstance(own, classmethod):
            patching.put(owner, name, classmethod(make(own.__func__)), self.undo)
        elif own is not None or is_inherited:
            patching.patch(owner, name, make, self.undo)
