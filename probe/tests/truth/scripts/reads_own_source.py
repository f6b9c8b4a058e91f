print(len(open(__file__).read()) > 10)
