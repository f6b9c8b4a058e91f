"""Other people's test suites, run with and without the probe: the same tests pass, fail and are skipped.

    python3 -m tests.unharmed cpython [--python 3.11] [--only test_io,...] [--route installed|path] [--json]
    python3 -m tests.unharmed packages [--only requests,...] [--json]
    python3 -m tests.unharmed table          the last results as a table for docs/verified.md

Run from the folder `probe`. Results are kept in the repository's cache folder, so that an interrupted run goes on where it stopped.
"""
