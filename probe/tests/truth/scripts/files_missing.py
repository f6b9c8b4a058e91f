for name in ("nowhere.txt", "no/where.txt"):
    for mode in ("r", "rb"):
        try:
            open(name, mode)
        except OSError as error:
            print(error)
