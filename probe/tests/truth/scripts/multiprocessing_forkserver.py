import multiprocessing


def work(name):
    open(name, "w").close()


if __name__ == "__main__":
    process = multiprocessing.get_context("forkserver").Process(target=work, args=("served.txt",))
    process.start()
    process.join()
    print(process.exitcode)
