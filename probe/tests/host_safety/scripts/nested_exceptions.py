def a():
    raise ValueError('inner')
def b():
    try:
        a()
    except ValueError as e:
        raise KeyError('outer') from e
def c():
    try:
        b()
    except KeyError:
        1 / 0
c()
