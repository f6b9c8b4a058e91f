import concurrent.futures


def work(number):
    with open("t%d.txt" % number, "w") as file:
        file.write("x" * number)
    return len(open("t%d.txt" % number).read())


with concurrent.futures.ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(work, range(100))))
