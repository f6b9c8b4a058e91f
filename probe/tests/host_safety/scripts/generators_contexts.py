import contextlib, tempfile, os
@contextlib.contextmanager
def cd():
    with tempfile.TemporaryDirectory() as d:
        yield d
with cd() as d:
    open(os.path.join(d, 'x'), 'w').close(); print(os.listdir(d))
print(os.path.exists(d))
with tempfile.NamedTemporaryFile() as f: f.write(b'x')
with contextlib.suppress(OSError): open('/nonexistent')
with cd() as d: raise LookupError('in')
