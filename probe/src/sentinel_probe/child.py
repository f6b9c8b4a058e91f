"""Makes the child of a fork a run of its own; its file appears with its first record, or with its end."""

from . import boot


def begin() -> None:
    """Drops what the parent counted, takes a new id, keeps the hello for the first record."""
    del boot.LATER[:]
    del boot.PENDING[:]
    state = boot.STATE
    state.parent_id = state.run_id
    state.size = state.dropped = 0
    state.lines = []
    state.ended = False
    state.written = 0.0
    core = boot.LOADED.get("core")
    if core is not None:
        core.forget()
    errors = boot.LOADED.get("errors")
    if errors is not None:
        errors.COUNT[0] = 0
    boot.begin("fork", state.identity)
