import csv

with open("people.csv", "w", newline="") as file:
    writer = csv.DictWriter(file, ["name", "age"])
    writer.writeheader()
    writer.writerows({"name": "n%d" % n, "age": n} for n in range(50))
with open("people.csv", newline="") as file:
    print(sum(int(row["age"]) for row in csv.DictReader(file)))
