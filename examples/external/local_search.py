#!/usr/bin/env python3
"""A search algorithm for orion in plain Python: local random search around the best point so far.

    orion hunt -n NAME --algorithm external:command='["python3","local_search.py"]' ./script --lr~'loguniform(1e-5, 1)'

Each suggestion follows from what orion sent: the seed, the number of the trial and the history. So a worker that
starts this program anew, or another one on another machine, gets the same suggestions.
"""
import json
import random
import sys


class LocalSearch:
    def __init__(self, start):
        self.seed = start["seed"]
        self.coordinates = start["coordinates"]
        self.is_finite = all(c["valueCount"] is not None for c in self.coordinates)
        self.best = None

    def observe(self, finished):
        for trial in finished:
            if trial["objective"] is None:  # broken, or not finite
                continue
            if self.best is None or trial["objective"] < self.best["objective"]:
                self.best = trial

    def suggest(self, number, attempt):
        # Every attempt was a point that is tried already: there is hardly another one.
        if self.is_finite and attempt >= 300:
            return {"done": True}
        rng = random.Random(f"{self.seed}/{number}/{attempt}")
        if self.best is None or number <= 10 or rng.random() < 0.2:
            return {"point": [rng.random() for _ in self.coordinates], "facts": {"step": "random"}}
        width = 0.5 ** rng.uniform(1, 8)
        point = [self.move(x, c, width, rng) for x, c in zip(self.best["point"], self.coordinates)]
        return {"point": point, "facts": {"step": "near trial %d" % self.best["number"]}}

    @staticmethod
    def move(x, coordinate, width, rng):
        if coordinate["kind"] == "categorical":
            return rng.random() if rng.random() < 0.2 else x
        return min(1.0, max(0.0, rng.gauss(x, width)))


def main():
    search = start = None
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "start":
            start = message
            search = LocalSearch(start)
        elif message["type"] == "suggest":
            if message.get("rewritten"):
                search = LocalSearch(start)
            search.observe(message["finished"])
            answer = search.suggest(message["trialNumber"], message["attempt"])
            print(json.dumps({"id": message["id"], **answer}), flush=True)


if __name__ == "__main__":
    main()
