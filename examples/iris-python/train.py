#!/usr/bin/env python3
"""Softmax regression on Fisher's iris flowers, with the standard library alone.

Trains by stochastic gradient descent with momentum and reports the 5-fold cross-validated log loss, which is to be
minimised; the accuracy goes along as a statistic.
"""

import argparse
import csv
import math
import os
import random
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "clients"))  # your own program has orion_client.py beside it

from orion_client import report_results  # noqa: E402

SPECIES = ["setosa", "versicolor", "virginica"]
FOLDS = 5


def read_flowers():
    """Rows of (standardised measurements with a leading 1, index of the species)."""
    with open(os.path.join(here, "iris.csv"), newline="") as file:
        rows = list(csv.reader(file))[1:]
    columns = list(zip(*[[float(cell) for cell in row[:4]] for row in rows]))
    means = [sum(column) / len(column) for column in columns]
    deviations = [
        math.sqrt(sum((value - mean) ** 2 for value in column) / len(column)) for column, mean in zip(columns, means)
    ]
    return [
        ([1.0] + [(float(cell) - m) / d for cell, m, d in zip(row, means, deviations)], SPECIES.index(row[4]))
        for row in rows
    ]


def softmax(weights, features):
    scores = [sum(w * x for w, x in zip(row, features)) for row in weights]
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def train(flowers, options, rng):
    weights = [[0.0] * 5 for _ in SPECIES]
    velocity = [[0.0] * 5 for _ in SPECIES]
    for _ in range(options.epochs):
        rng.shuffle(flowers)
        for features, species in flowers:
            for k, p in enumerate(softmax(weights, features)):
                error = p - (k == species)
                row, speed = weights[k], velocity[k]
                for i, x in enumerate(features):
                    gradient = error * x + options.weight_decay * row[i]
                    speed[i] = options.momentum * speed[i] - options.lr * gradient
                    row[i] += speed[i]
    return weights


def cross_validate(flowers, options):
    """Mean log loss and accuracy over the flowers that each model has not seen."""
    random.Random(0).shuffle(flowers)
    loss, hits = 0.0, 0
    for fold in range(FOLDS):
        known = [flower for i, flower in enumerate(flowers) if i % FOLDS != fold]
        weights = train(known, options, random.Random(fold))
        for features, species in flowers[fold::FOLDS]:
            p = softmax(weights, features)
            loss -= math.log(max(p[species], 1e-12))
            hits += p[species] == max(p)
    return loss / len(flowers), hits / len(flowers)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--momentum", type=float, default=0.0)
    parser.add_argument("--epochs", type=int, default=10)
    options = parser.parse_args()
    loss, accuracy = cross_validate(read_flowers(), options)
    print("loss {:.4f}  accuracy {:.1%}".format(loss, accuracy))
    report_results(
        [
            {"name": "loss", "type": "objective", "value": loss},
            {"name": "accuracy", "type": "statistic", "value": accuracy},
        ]
    )


if __name__ == "__main__":
    main()
