"""Travel costs of a trip."""

legs = [("train", 89.90), ("taxi", 23.40), ("hotel", 240.0)]
open("trip.csv", "w").write("\n".join(f"{what};{cost:.2f}" for what, cost in legs))
