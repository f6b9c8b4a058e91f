import os
for bad in ('x', None, 1.5):
    try: os._exit(bad)
    except TypeError: print('type error')
print(os._exit.__name__, os._exit.__module__)
