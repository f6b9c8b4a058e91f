import pickle
import shelve

with open("data.pickle", "wb") as file:
    pickle.dump([1, 2], file)
print(pickle.load(open("data.pickle", "rb")))
with shelve.open("shelf") as shelf:
    shelf["key"] = 1
with shelve.open("shelf") as shelf:
    print(dict(shelf))
