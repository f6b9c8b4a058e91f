login({"user": user, "password": "winter-9"})  # finding: weak-password-string
login({"user": user, "password": password})  # ok: weak-password-string
schema = {"password": "string"}  # ok: weak-password-string
