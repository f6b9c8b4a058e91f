print('hello', 'wörld'); import sys; print('err', file=sys.stderr)
