import multiprocessing

if __name__ == "__main__":
    with multiprocessing.get_context("fork").Manager() as manager:
        shared = manager.dict()
        shared["a"] = 1
        print(dict(shared))
