import tempfile
from tempfile import mktemp

tempfile.mktemp()  # finding: weak-mktemp
mktemp(suffix=".txt")  # finding: weak-mktemp
tempfile.mkstemp()  # ok: weak-mktemp
