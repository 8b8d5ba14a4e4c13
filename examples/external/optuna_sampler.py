#!/usr/bin/env python3
"""Any sampler of Optuna as a search algorithm of orion.

    pip install optuna
    orion hunt -n NAME --algorithm external:command='["python3","optuna_sampler.py","TPESampler","{}"]' \\
        ./script --lr~'loguniform(1e-5, 1)'

Arguments: the name of a class of `optuna.samplers` (TPESampler), and its arguments as JSON ({}).

Numbers are searched in the unit cube, so that priors, logarithms and lists are orion's business; categories are
categories. What Optuna draws depends on what it drew before: a run cannot be repeated exactly, and each worker has a
sampler of its own that is told the whole history.
"""
import hashlib
import inspect
import json
import sys
import uuid

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.trial import TrialState, create_trial


class Adapter:
    def __init__(self, start, sampler_name, arguments):
        self.me = uuid.uuid4().hex[:12]
        sampler_class = getattr(optuna.samplers, sampler_name, None)
        if sampler_class is None:
            raise SystemExit("There is no sampler %r in optuna.samplers." % sampler_name)
        if "seed" in inspect.signature(sampler_class).parameters:
            # another one for each worker: Optuna's samplers have no number of a trial to go by
            digest = hashlib.sha256((start["seed"] + self.me).encode()).hexdigest()
            arguments = {"seed": int(digest[:8], 16), **arguments}
        self.sampler_name = sampler_name
        self.study = optuna.create_study(sampler=sampler_class(**arguments))
        self.asked = {}  # Optuna's trial by orion's number
        shares = {d["name"]: d["probabilities"] for d in start["space"] if d["type"] == "categorical"}
        self.shares = [shares.get(c["name"]) for c in start["coordinates"]]
        self.distributions = {
            "%s %d" % (coordinate["name"], at): self.distribution(at) for at, coordinate in enumerate(start["coordinates"])
        }

    def distribution(self, at):
        shares = self.shares[at]
        return FloatDistribution(0.0, 1.0) if shares is None else CategoricalDistribution(list(range(len(shares))))

    def observe(self, finished):
        for trial in finished:
            asked = self.asked.pop(trial["number"], None)
            state = TrialState.FAIL if trial["objective"] is None else TrialState.COMPLETE
            if asked is not None and trial["facts"].get("asked") == self.me:
                self.study.tell(asked, trial["objective"], state=state)
                continue
            self.give_up(asked)
            self.study.add_trial(
                create_trial(
                    params=dict(zip(self.distributions, map(self.value, self.shares, trial["point"]))),
                    distributions=self.distributions,
                    value=trial["objective"],
                    state=state,
                )
            )

    def suggest(self, number):
        self.give_up(self.asked.pop(number, None))  # what was suggested before is tried already
        trial = self.study.ask(self.distributions)
        self.asked[number] = trial
        point = list(map(self.coordinate, self.shares, trial.params.values()))
        return {"point": point, "facts": {"sampler": self.sampler_name, "asked": self.me}}

    def give_up(self, trial):
        if trial is not None:
            self.study.tell(trial, state=TrialState.FAIL)

    @staticmethod
    def value(shares, x):
        """A category of probability p has a share of [0, 1] of that length."""
        if shares is None:
            return x
        for index, share in enumerate(shares):
            x -= share
            if x < 0:
                return index
        return len(shares) - 1

    @staticmethod
    def coordinate(shares, value):
        return value if shares is None else min(1.0, sum(shares[:value]) + shares[value] / 2)


def main():
    sampler_name = sys.argv[1] if len(sys.argv) > 1 else "TPESampler"
    arguments = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    adapter = start = None
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "start":
            start = message
            adapter = Adapter(start, sampler_name, arguments)
        elif message["type"] == "suggest":
            if message.get("rewritten"):
                adapter = Adapter(start, sampler_name, arguments)
            adapter.observe(message["finished"])
            print(json.dumps({"id": message["id"], **adapter.suggest(message["trialNumber"])}), flush=True)


if __name__ == "__main__":
    main()
