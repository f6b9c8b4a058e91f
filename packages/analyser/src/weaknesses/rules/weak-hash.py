import hashlib
from hashlib import sha1 as quick

hashlib.md5(data)  # finding: weak-hash
quick(data)  # finding: weak-hash
hashlib.new("MD5", data)  # finding: weak-hash
hashlib.md5(data, usedforsecurity=False)  # ok: weak-hash
hashlib.sha256(data)  # ok: weak-hash
hashlib.new("sha512", data)  # ok: weak-hash
