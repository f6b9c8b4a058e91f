"""Computes check digits."""

def digit(code):
    return (10 - sum(int(c) * (3 if n % 2 else 1) for n, c in enumerate(code)) % 10) % 10
print([f"40{n:010}{digit(f'40{n:010}')}" for n in range(100)][:3])
