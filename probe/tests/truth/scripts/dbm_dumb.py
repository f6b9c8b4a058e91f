import dbm.dumb

with dbm.dumb.open("store", "c") as store:
    store["a"] = "1"
with dbm.dumb.open("store") as store:
    print(store["a"])
