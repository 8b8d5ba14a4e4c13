"""Report results to `orion` from a Python program: copy this file next to yours.

    from orion_client import report_objective
    report_objective(loss)

Python 3.6 or newer, nothing but the standard library. The names are those of Oríon's `orion.client`. Outside of
`orion` the results are printed instead, so the program still runs by itself.
"""

import contextlib
import json
import os
import sys

__all__ = [
    "interrupt_trial",
    "report_bad_trial",
    "report_intermediate",
    "report_objective",
    "report_results",
    "should_stop",
]

_results_path = os.environ.get("ORION_RESULTS_PATH")
_has_reported = False

if _results_path and not os.path.isfile(_results_path):
    # Now rather than after hours of training.
    raise RuntimeWarning(
        "ORION_RESULTS_PATH is {!r}, but there is no such file. "
        "Unset it to run the program without orion.".format(_results_path)
    )


def report_objective(value, name="objective"):
    """Report the number to minimise. NumPy and PyTorch scalars are fine."""
    report_results([_objective(value, name)])


def report_bad_trial(objective=1e10, name="objective", data=()):
    """Report a trial that is valid but terrible, with further results in `data` if there are any."""
    report_results([_objective(objective, name)] + list(data))


def report_results(data):
    """Report a list of results: `{"name": str, "type": str, "value": ...}`.

    `type` is "objective" (needed once), "constraint", "gradient" or "statistic". A program reports once: a second call
    raises RuntimeWarning.
    """
    global _has_reported
    if _has_reported:
        raise RuntimeWarning("The results of this program were already reported. Report all of them in one call.")
    data = list(data)
    if not all(isinstance(result, dict) for result in data):
        raise TypeError("The results must be a list of {'name', 'type', 'value'}.")
    text = json.dumps(data, default=_plain)
    if _results_path:
        _write(_results_path, text)
    else:
        print(data)
    _has_reported = True


def report_intermediate(step, value):
    """Report the objective so far, while the program runs. Steps grow: epochs, batches, seconds."""
    path = os.environ.get("ORION_REPORT_PATH")
    line = "{} {}".format(_number(step), _number(value))
    if path:
        with open(path, "a") as file:
            file.write(line + "\n")
    else:
        print(line)


def should_stop():
    """True when `orion` asks the program to end early: report its results and end. (It gets a TERM as well.)"""
    path = os.environ.get("ORION_STOP_PATH")
    return bool(path) and os.path.exists(path)


def interrupt_trial():
    """End the program so that `orion` stops here and starts this trial again at the next hunt."""
    sys.exit(int(os.environ.get("ORION_INTERRUPT_CODE", 130)))


def _objective(value, name):
    number = value if isinstance(value, (int, float)) else _number(value)
    return {"name": name, "type": "objective", "value": number}


def _number(value):
    try:
        if isinstance(value, (str, bytes)):
            raise TypeError
        return value.item() if hasattr(value, "item") else float(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError("The objective must be a number, not {!r}.".format(value)) from error


def _plain(value):
    """What JSON does not know: arrays become lists, other numbers floats."""
    return value.tolist() if hasattr(value, "tolist") else float(value)


def _write(path, text):
    """Replace the file as a whole, so that a killed program never leaves half of it."""
    temporary = os.path.join(os.path.dirname(path), ".results_{}.tmp".format(os.getpid()))
    try:
        with open(temporary, "w") as file:
            file.write(text)
        os.replace(temporary, path)
    except OSError:
        # A directory that is not ours, or a file mounted alone into a container.
        with open(path, "w") as file:
            file.write(text)
        with contextlib.suppress(OSError):
            os.remove(temporary)
