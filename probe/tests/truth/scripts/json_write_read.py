import json

with open("data.json", "w") as file:
    json.dump({"a": [1, 2, 3]}, file)
with open("data.json") as file:
    print(json.load(file))
