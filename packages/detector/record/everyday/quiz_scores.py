"""Scores of a training."""

scores = {"safety": [7, 8, 9], "fire": [10, 6, 8]}
print({name: sum(values) / len(values) for name, values in scores.items()})
