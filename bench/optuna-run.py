"""Optuna's side of a comparison: asks for parameters on standard output, and is told values on standard input.

The first line that comes in is a JSON object: sampler, seed, trials, history, workers, dimensions. `history` is a number
of random trials that are there beforehand, for measurements of time. Each line that goes out has the parameters and the
milliseconds of processor time that the suggestion took. `workers` are simulated: each evaluation takes e^(0.5 z) with z
standard normal, its value is told to the sampler when it has ended, and who is ready first asks first. The last line has
the numbers of the trials in the order in which they ended, from 0.
"""

import heapq
import json
import math
import random
import sys
import time
import warnings

import optuna

warnings.filterwarnings("ignore")  # that some of its options are experimental
optuna.logging.set_verbosity(optuna.logging.ERROR)


def make_sampler(name, seed):
    samplers = optuna.samplers
    if name == "random":
        return samplers.RandomSampler(seed=seed)
    if name == "tpe":
        return samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True)
    if name == "tpe-uni":
        return samplers.TPESampler(seed=seed)
    if name == "cma":
        return samplers.CmaEsSampler(seed=seed)
    if name == "gp":
        return samplers.GPSampler(seed=seed)
    raise SystemExit(f"no sampler {name}")


def distribution_of(dimension):
    if "choices" in dimension:
        return optuna.distributions.CategoricalDistribution(dimension["choices"])
    kind = optuna.distributions.IntDistribution if dimension["isInteger"] else optuna.distributions.FloatDistribution
    return kind(dimension["low"], dimension["high"], log=dimension["isLog"])


def add_history(study, dimensions, distributions, count):
    rng = random.Random(1)
    for _ in range(count):
        params = {d["name"]: rng.uniform(d["low"], d["high"]) for d in dimensions}
        value = sum(x * x for x in params.values())
        study.add_trial(optuna.trial.create_trial(params=params, distributions=distributions, value=value))


def main():
    setup = json.loads(sys.stdin.readline())
    dimensions = setup["dimensions"]
    distributions = {d["name"]: distribution_of(d) for d in dimensions}
    study = optuna.create_study(sampler=make_sampler(setup["sampler"], setup["seed"]))
    add_history(study, dimensions, distributions, setup.get("history", 0))
    durations = random.Random(setup["seed"])
    running = []  # (end, number, trial, value)
    order = []
    for number in range(setup["trials"]):
        now = 0.0
        if number >= setup.get("workers", 1):
            now = finish_next(study, running, order)
        began = time.process_time()
        trial = study.ask(distributions)
        spent = 1000 * (time.process_time() - began)
        print(json.dumps({"params": trial.params, "ms": spent}), flush=True)
        end = now + math.exp(0.5 * durations.gauss(0, 1))
        heapq.heappush(running, (end, number, trial, json.loads(sys.stdin.readline())))
    while running:
        finish_next(study, running, order)
    print(json.dumps({"order": order}), flush=True)


def finish_next(study, running, order):
    end, number, trial, value = heapq.heappop(running)
    study.tell(trial, value)
    order.append(number)
    return end


main()
