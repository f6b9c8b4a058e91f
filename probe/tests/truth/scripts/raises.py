open("before.txt", "w").close()
raise ValueError("on purpose")
