import dbm.dumb
import pickle
import shelve

with open("data.pickle", "wb") as file:
    pickle.dump([1, 2], file)
print(pickle.load(open("data.pickle", "rb")))
# Where the interpreter has a native dbm, shelve would take that, and its library opens files by itself.
with shelve.Shelf(dbm.dumb.open("shelf")) as shelf:
    shelf["key"] = 1
with shelve.Shelf(dbm.dumb.open("shelf")) as shelf:
    print(dict(shelf))
