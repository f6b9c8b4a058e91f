"""Answers of a survey."""

import statistics
answers = [1, 4, 4, 5, 3, 2, 5, 5, 4, 3]
print(statistics.mean(answers), statistics.median(answers), statistics.stdev(answers))
