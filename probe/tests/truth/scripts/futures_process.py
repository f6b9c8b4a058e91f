import concurrent.futures
import multiprocessing


def work(number):
    open("f%d.txt" % number, "w").close()
    return number * 2


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        print(list(pool.map(work, range(4))))
