import atexit

atexit.register(lambda: open("late.txt", "w").close())
open("early.txt", "w").close()
