from Crypto.Cipher import AES
from Crypto.Cipher import ARC4 as old
from cryptography.hazmat.primitives.ciphers import algorithms

old.new(key)  # finding: weak-cipher
algorithms.TripleDES(key)  # finding: weak-cipher
AES.new(key, AES.MODE_GCM)  # ok: weak-cipher
algorithms.AES(key)  # ok: weak-cipher
