"""Tests that come out differently with the probe, by name, each with its reason. Nothing else may differ."""

import fnmatch

#: Suite (pattern), test id (pattern), reason.
KNOWN = (
    (
        "test_audit",
        "test.test_audit.AuditTest.test_open",
        "asserts that nobody else in the process opens a file while its own audit hook stands; the probe opens its record file, as any other part of "
        "a program may, and an audit hook sees every opening (PEP 578: there is no hiding from one)",
    ),
)


def reason(suite, test):
    """Why this test may differ; None if it may not."""
    for pattern, name, why in KNOWN:
        if fnmatch.fnmatchcase(suite, pattern) and fnmatch.fnmatchcase(test, name):
            return why
    return None


def unexplained(suite, differences):
    """Differences without a reason. The suite's own outcome has the reasons of its tests."""
    found = {test: sides for test, sides in differences.items() if reason(suite, test) is None}
    if set(found) == {"(module)"} and len(differences) > 1:
        return {}
    return found
