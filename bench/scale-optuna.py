"""One process of `scale.ts` on Optuna's side: `study.optimize` with an objective that sleeps.

Its words: `sqlite` or `journal`, the path of the storage, the budget, milliseconds that a trial sleeps, and seconds after
which it gives up. It says "ready", waits for a line, and tells what it did as JSON.
"""

import json
import sys
import time
import warnings

import optuna

warnings.filterwarnings("ignore")  # that the journal is experimental
optuna.logging.set_verbosity(optuna.logging.ERROR)


def open_storage(kind, path):
    if kind == "sqlite":
        return optuna.storages.RDBStorage(f"sqlite:///{path}", engine_kwargs={"connect_args": {"timeout": 100}})
    try:
        from optuna.storages.journal import JournalFileBackend
    except ImportError:  # before 4.0
        JournalFileBackend = optuna.storages.JournalFileStorage
    return optuna.storages.JournalStorage(JournalFileBackend(path))


def main():
    kind, path, budget, sleep_ms, seconds = sys.argv[1:]
    sampler = optuna.samplers.RandomSampler()
    study = optuna.create_study(study_name="s", storage=open_storage(kind, path), sampler=sampler, load_if_exists=True)
    between = []
    ended = []

    def objective(trial):
        value = trial.suggest_float("x", 0, 1)
        if ended:
            between.append(1000 * (time.perf_counter() - ended[-1]))
        time.sleep(float(sleep_ms) / 1000)
        ended.append(time.perf_counter())
        return value

    print("ready", flush=True)
    sys.stdin.readline()
    spent = time.process_time()
    states = (optuna.trial.TrialState.COMPLETE,)
    stop = optuna.study.MaxTrialsCallback(int(budget), states=states)
    error = None
    try:
        study.optimize(objective, callbacks=[stop], timeout=float(seconds))
    except Exception as thrown:  # the database is locked, say: this process is out of it, and the table tells
        error = f"{type(thrown).__name__}: {thrown}"[:200]
    cpu_ms = 1000 * (time.process_time() - spent)
    print(json.dumps({"completed": len(ended), "cpuMs": cpu_ms, "between": between, "error": error}), flush=True)


main()
