import threading
import time


def work():
    number = 0
    while True:
        open("d%d.txt" % (number % 5), "w").close()
        number += 1
        time.sleep(0.01)


threading.Thread(target=work, daemon=True).start()
time.sleep(0.3)
print("end")
