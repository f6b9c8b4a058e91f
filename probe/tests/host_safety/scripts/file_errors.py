import os, pathlib, traceback
def go(f, *a):
    try: f(*a)
    except Exception: traceback.print_exc()
go(open, '/nonexistent/x'); go(open, '/tmp', 'w'); go(os.remove, '/nonexistent'); go(os.rename, '/nonexistent', '/x'); go(open, 'a\0b'); go(open, 5.5); go(open, -1)
go(pathlib.Path('/nonexistent').read_text); go(os.open, '/nonexistent', 0); go(os.truncate, '/nonexistent', 0); go(open, 'x', 'q')
open('/nonexistent/last')
