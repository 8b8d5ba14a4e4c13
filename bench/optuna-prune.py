"""Optuna's side of a comparison with pruning: a study that is asked and told on standard input, line by line.

The first line that comes in is a JSON object: sampler, pruner, seed, dimensions, resources (from the lowest to the
highest), factor. Then come `ask`, answered by the number of a trial and its parameters; `report`, a list of number, step
and value, answered by whether the trial is to be pruned; and `tell`, a list of number and value, null for a pruned one,
which is not answered. Each answer has the milliseconds of processor time that it took.
"""

import json
import sys
import time
import warnings

import optuna

warnings.filterwarnings("ignore")  # that some of its options are experimental
optuna.logging.set_verbosity(optuna.logging.ERROR)


def make_sampler(name, seed):
    if name == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    return optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True)


def make_pruner(name, resources, factor):
    lowest, highest = resources[0], resources[-1]
    if name == "halving":
        return optuna.pruners.SuccessiveHalvingPruner(min_resource=lowest, reduction_factor=factor)
    return optuna.pruners.HyperbandPruner(min_resource=lowest, max_resource=highest, reduction_factor=factor)


def distribution_of(dimension):
    if "choices" in dimension:
        return optuna.distributions.CategoricalDistribution(dimension["choices"])
    kind = optuna.distributions.IntDistribution if dimension["isInteger"] else optuna.distributions.FloatDistribution
    return kind(dimension["low"], dimension["high"], log=dimension["isLog"])


def main():
    setup = json.loads(sys.stdin.readline())
    distributions = {d["name"]: distribution_of(d) for d in setup["dimensions"]}
    study = optuna.create_study(
        sampler=make_sampler(setup["sampler"], setup["seed"]),
        pruner=make_pruner(setup["pruner"], setup["resources"], setup["factor"]),
        study_name="peer",  # brackets follow from the name and the number
    )
    running = {}
    for line in sys.stdin:
        command = json.loads(line)
        began = time.process_time()
        if "tell" in command:
            number, value = command["tell"]
            state = optuna.trial.TrialState.PRUNED if value is None else optuna.trial.TrialState.COMPLETE
            study.tell(running.pop(number), value, state=state)
            continue
        if "ask" in command:
            trial = study.ask(distributions)
            running[trial.number] = trial
            answer = {"number": trial.number, "params": trial.params}
        else:
            number, step, value = command["report"]
            running[number].report(value, step)
            answer = {"prune": running[number].should_prune()}
        print(json.dumps({**answer, "ms": 1000 * (time.process_time() - began)}), flush=True)


main()
