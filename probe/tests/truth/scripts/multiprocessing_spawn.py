import multiprocessing


def work(name):
    open(name, "w").close()


if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=work, args=("spawned.txt",))
    process.start()
    process.join()
    print(process.exitcode)
