"""What the kernel saw a script do, compared with what the probe recorded of it.

    npm run truth -- [--json] [--python PYTHON] SCRIPT [ARGUMENT]...

The script runs once, under `strace -f` and with the probe. Recall: the share of what the kernel saw, by the rules of `rules`, that the record holds.
Precision: the share of what the record holds that the kernel saw. Exit code 0: recall at least 0.99, nothing invented, every miss explained;
1: not so; 2: it could not be measured.
"""
