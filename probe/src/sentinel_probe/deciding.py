"""What policies say of the activities of this run, and what follows from it.

The policies stand in the file that `boot.policy_path` names, written by the agent or by `sentinel run --policy`; without it nothing of
this is loaded. Beside the lines that `policy` reads it may hold facts that only the reader knows:

    R  name, type, value        a fact of every run here, such as endpoint.groups
    A  SHA-256, state           approval of a script version: approved, pending, expired, revoked

A decision is made when a target is new, before the act, and again as totals grow for statements about totals. It stands in the activity's record.
"""

import os
import sys
from time import localtime, monotonic, sleep

from . import boot, policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

    from . import core

#: Seconds after which the file is looked at again, at most, when something new happens.
LOOK_S = 2.0
MOST_TEXT = 4_000_000

_by_type: "Dict[str, policy.Statements]" = {}
_lists: "set[str]" = set()
_numbers: "set[str]" = set()
_run_facts: "Dict[str, Any]" = {}
_approvals: "Dict[str, str]" = {}
_state: "Dict[str, Any]" = {"stamp": None, "looked": 0.0, "reading": 0}
_script_facts: "Dict[str, Any]" = {}


def load() -> bool:
    """Reads the policies anew where the file changed; gives whether there are any. What cannot be read changes nothing."""
    _state["looked"] = monotonic()
    try:
        found = os.stat(boot.policy_path())
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        if stamp == _state["stamp"]:
            return bool(_by_type)
        with open(boot.policy_path(), encoding="utf-8", newline="\n") as file:
            text = file.read(MOST_TEXT)
        lines = text.split("\n")
        by_type = policy.read("\n".join([line for line in lines if line[:2] not in ("R\t", "A\t")]))
        facts: "Dict[str, Any]" = {}
        approvals: "Dict[str, str]" = {}
        for line in lines:
            fields = line.split("\t")
            if fields[0] == "A":
                approvals[fields[1]] = fields[2]
            elif fields[0] == "R":
                facts[fields[1]] = _value(fields[2], fields[3])
    except (OSError, ValueError, KeyError, IndexError):
        return bool(_by_type)
    _state["stamp"] = stamp
    _state["reading"] += 1
    _by_type.clear()
    _by_type.update(by_type)
    _run_facts.clear()
    _run_facts.update(facts)
    _approvals.clear()
    _approvals.update(approvals)
    _script_facts.clear()
    for statements in by_type.values():
        for _, when in statements.rows:
            for tests in when:
                for fact, type_, _, _ in tests:
                    (_lists if type_ is list else _numbers if type_ is int else set()).add(fact)
    return bool(_by_type)


def holds() -> bool:
    """Whether there is any statement now."""
    return bool(_by_type)


def decide(found: "core.Activity", more: "Any" = ()) -> "Optional[policy.Verdict]":
    """Decides on an activity; `more` are facts beside its attributes. The record learns the decision; warnings are printed, a kill is carried out."""
    if monotonic() - _state["looked"] > LOOK_S:
        load()
    if not more:
        found.judged = _state["reading"]
    statements = _by_type.get(found.type)
    if statements is None:
        return None
    if not statements.is_folded:
        statements = _by_type[found.type] = policy.fold_run(statements, {**_run_facts, **_script()})
    verdict = policy.evaluate(statements, _facts(found, more))
    if verdict.enforced == "approve":
        verdict = _hold(found, more, verdict)
    decided = verdict.decided
    if decided is None:
        return verdict
    enforced = _strictest_enforced(verdict)
    if enforced is None:
        _note(found, decided, "logged")
        return verdict
    blocking = boot.load("blocking")
    effect = enforced.effect
    if effect == "warn":
        blocking.warn(enforced)
    if effect in ("approve", "block"):
        found.refusal = blocking.refusal(enforced, found.type, _target(found))
        _note(found, enforced, "blocked")
    elif effect == "kill":
        _note(found, enforced, "blocked")
        found.count = max(found.count, 1)
        _write_through()
        blocking.end_run(enforced)
    else:
        _note(found, enforced, "corrected" if effect == "redact" else "allowed")
    if effect != "redact":
        _write_through()
    return verdict


def says_of(type_: str) -> bool:
    """Whether any statement speaks of that activity type."""
    if monotonic() - _state["looked"] > LOOK_S:
        load()
    return type_ in _by_type


def would_match(found: "core.Activity", more: "Any") -> bool:
    """Whether any statement matches, or is to be held; nothing follows from it."""
    return policy.evaluate(_by_type.get(found.type, policy.NONE), _facts(found, more)).decided is not None


def anew(found: "core.Activity") -> None:
    """Decides on a known activity once more where the policies have changed since: what is forbidden, or allowed again, is so for a run that goes on."""
    if monotonic() - _state["looked"] > LOOK_S:
        load()
    if found.judged and found.judged != _state["reading"]:
        found.refusal = None
        decide(found)


def again(found: "core.Activity") -> None:
    """Decides anew on an activity whose totals have grown, where statements ask about totals."""
    statements = _by_type.get(found.type)
    if statements is not None and not statements.is_cacheable and found.refusal is None:
        decide(found)


def _hold(found: "core.Activity", more: "Any", verdict: policy.Verdict) -> policy.Verdict:
    """Waits for an approval as long as the statement says; the file tells when it is there. The request for it is filed from the record meanwhile."""
    hold_s = max([each.hold_s for each, _ in verdict.matches if each.effect == "approve"])
    held = _strictest_enforced(verdict)
    if hold_s == 0 or held is None:
        return verdict
    until = monotonic() + hold_s
    _note(found, held, "blocked")
    _write_through()
    boot.load("blocking").wait(held, hold_s)
    while verdict.enforced == "approve" and monotonic() < until:
        sleep(0.25)
        load()
        verdict = policy.evaluate(_by_type.get(found.type, policy.NONE), _facts(found, more))
    if verdict.enforced != "approve":
        _note(found, held, "allowed")
    return verdict


def _strictest_enforced(verdict: policy.Verdict) -> "Optional[policy.Statement]":
    best: "Optional[policy.Statement]" = None
    for each, _ in verdict.matches:
        if each.is_enforced and (best is None or each.rank > best.rank):
            best = each
    return best


def _note(found: "core.Activity", statement: "policy.Statement", disposition: str) -> None:
    fields = {
        "sentinel.decision.effect": statement.effect,
        "sentinel.decision.disposition": disposition,
        "sentinel.decision.policy": statement.policy_id,
        "sentinel.decision.statement": statement.id,
        "sentinel.decision.reason": statement.reason,
    }
    found.changes = {**(found.changes or {}), **fields}


def _write_through() -> None:
    """What was decided is on disk before anything follows from it."""
    core = boot.load("core")
    waiting = core.collect(False)
    if waiting and boot.append(waiting):
        boot.STATE.lines = []


def _target(found: "core.Activity") -> str:
    for _, value in found.attributes or ():
        if value not in (None, ""):
            return str(value)
    return ""


def _facts(found: "core.Activity", more: "Any") -> "Dict[str, Any]":
    facts = dict(_run_facts)
    facts.update(_script())
    attributes = found.attributes if found.attributes is not None else found.known
    for pairs in (attributes or (), more):
        for name, value in pairs:
            if value is not None and value != "":
                facts[name] = _typed(name, value)
    facts["activity.count"] = found.count + 1 if found.refusal is None and not found.told else max(found.count, 1)
    facts["activity.bytes_in"] = found.bytes_in
    facts["activity.bytes_out"] = found.bytes_out
    facts["activity.rows"] = found.rows
    facts["activity.errors"] = found.errors
    if "time.minute" in _numbers or "time.weekday" in _numbers:
        now = localtime()
        facts["time.minute"] = now.tm_hour * 60 + now.tm_min
        facts["time.weekday"] = now.tm_wday + 1
    for name in _numbers:
        if name[:8] == "run.sum.":
            _, _, noun, verb, metric = name.split(".")
            facts[name] = boot.load("core").total(noun + "." + verb, metric)
    return facts


def _typed(name: str, value: "Any") -> "Any":
    if name in _lists:
        return list(value) if isinstance(value, (list, tuple)) else str(value).split(",")
    if name in _numbers:
        if type(value) is int:
            return value
        text = str(value)
        return int(text) if text.lstrip("-").isdigit() else text
    return value if isinstance(value, (str, bool)) else str(value)


def _value(type_: str, text: str) -> "Any":
    if type_ == "int":
        return int(text)
    if type_ == "boolean":
        return text == "true"
    return [each for each in text.split(",") if each] if type_ == "string[]" else text


def _script() -> "Dict[str, Any]":
    """Facts about the script, found once."""
    if not _script_facts:
        fields = boot.STATE.identity.split("\t")[1:]
        told = dict(zip(fields[::2], fields[1::2]))
        where = told.get("sentinel.script.path")
        _script_facts["interpreter.version"] = sys.version.partition(" ")[0]
        _script_facts["script.kind"] = told.get("sentinel.script.kind", "")
        _script_facts["run.is_interactive"] = _is_interactive()
        if where:
            _script_facts["script.path"] = where
            _script_facts["script.name"] = os.path.basename(where)
            digest = _sha256(where)
            if digest is not None:
                _script_facts["script.sha256"] = digest
            _script_facts["script.approval"] = _approvals.get(digest or "", "none")
        else:
            _script_facts["script.approval"] = "none"
    return _script_facts


def _is_interactive() -> bool:
    try:
        return os.isatty(0)
    except OSError:
        return False


def _sha256(where: str) -> "Optional[str]":
    """SHA-256 of a file by the interpreter's own built-in; None where it has none."""
    for name in ("_sha2",) if sys.version_info >= (3, 12) else ("_sha256",):
        try:
            make = __import__(name).sha256
            boot.PENDING[:] = [each for each in boot.PENDING if each[0] != name]  # it was not the script who asked
            with open(where, "rb") as file:
                return str(make(file.read(MOST_TEXT)).hexdigest())
        except (ImportError, AttributeError):
            continue
        except OSError:
            return None
    return None
