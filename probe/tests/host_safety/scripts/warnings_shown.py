import warnings
warnings.warn('careful'); warnings.warn('old', DeprecationWarning)
def f(): warnings.warn('up', stacklevel=2)
f()
open(__file__)
