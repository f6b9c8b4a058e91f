"""A game."""

import random
secret, low, high, tries = random.randint(1, 100), 1, 100, 0
while low <= high:
    tries += 1
    guess = (low + high) // 2
    if guess == secret:
        break
    low, high = (guess + 1, high) if guess < secret else (low, guess - 1)
print("found after", tries)
