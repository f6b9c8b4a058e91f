# min: 3.11
def f(n): raise ValueError(n)
errors = []
for n in range(3):
    try: f(n)
    except ValueError as e: errors.append(e)
raise ExceptionGroup('several', errors)
