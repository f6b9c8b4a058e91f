import multiprocessing


def work(number):
    with open("out%d.txt" % number, "w") as file:
        file.write("x")
    return number


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(work, range(4)))
        pool.close()
        pool.join()
