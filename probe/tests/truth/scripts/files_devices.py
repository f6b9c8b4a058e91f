print(len(open("/dev/urandom", "rb").read(10)))
open("/dev/null", "w").write("x")
