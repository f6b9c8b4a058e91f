import threading


def work(number):
    for turn in range(20):
        with open("thread%d-%d.txt" % (number, turn), "w") as file:
            file.write("x")


threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done")
