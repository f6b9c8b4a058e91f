import random
import secrets

random.sample(names, 3)  # finding: weak-random
random.getrandbits(128)  # finding: weak-random
random.SystemRandom()  # ok: weak-random
secrets.token_hex(16)  # ok: weak-random
