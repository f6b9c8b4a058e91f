import pickle
import pandas as pd
import jsonpickle
from joblib import load

pickle.load(handle)  # finding: weak-pickle-load
pd.read_pickle("model.pkl")  # finding: weak-pickle-load
jsonpickle.unpickler.Unpickler().restore(data)  # finding: weak-pickle-load
load("model.joblib")  # finding: weak-pickle-load
pickle.dump(value, handle)  # ok: weak-pickle-load
