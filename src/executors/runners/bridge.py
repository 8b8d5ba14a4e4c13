"""Runs programs on the workers of a Dask or Ray cluster for a process of orion.

JSON lines on standard input say what to do, JSON lines on standard output what became of it:

    {"cluster": "dask", "options": {...}}               once, first   ->  {"ready": true} or {"failed": "why"}
    {"run": 1, "argv": [...], "environment": {...}, "directory": "...", "stdout": "...", "stderr": "..."}
                          ->  {"id": 1, "exitCode": 0}, {"id": 1, "refused": "ENOENT"},
                              {"id": 1, "stopped": true} or {"id": 1, "lost": "why"}
    {"stop": 1, "graceSeconds": 10}                     TERM to the program's group, KILL after the grace

The end of standard input ends all programs, and this one. Nothing but the standard library and the cluster's own
package is needed; the workers need no file of ours.
"""

import json
import os
import sys
import threading
import uuid

SILENCE_SECONDS = 60  # after which a worker believes that whoever asked for a program is dead
SIGN_SECONDS = 10


def run_program(job, state):
    """Run one program on this machine; `state` is what the process of the worker remembers between calls."""
    import errno
    import os
    import signal
    import subprocess
    import threading
    import time

    name = job["name"]
    state.setdefault("alive", {}).setdefault(job["client"], time.monotonic())
    if name in state.setdefault("stopped", {}):
        return {"stopped": True}
    lock = state.setdefault("lock", threading.Lock())

    def tell_guard(word, group):
        """One small shell ends the groups of all programs when this process dies: it waits on a pipe of ours."""
        with lock:
            guard = state.get("guard")
            if guard is None or guard.poll() is not None:
                script = (
                    "trap '' TERM INT HUP QUIT; groups=' '; "
                    "while read -r word group; do case $word in "
                    "watch) groups=\"$groups$group \" ;; "
                    "forget) groups=\"${groups%% $group *} ${groups#* $group }\" ;; esac; done; "
                    'for group in $groups; do kill -s KILL -- "-$group"; done'
                )
                guard = state["guard"] = subprocess.Popen(
                    ["/bin/sh", "-c", script, "orion-guard"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            try:
                guard.stdin.write(b"%s %d\n" % (word, group))
                guard.stdin.flush()
            except OSError:
                pass  # it was killed; the next program gets another one

    try:
        with open(job["stdout"], "ab") as out, open(job["stderr"], "ab") as err:
            program = subprocess.Popen(
                job["argv"],
                env=job["environment"],
                cwd=job["directory"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        tell_guard(b"watch", program.pid)
    except OSError as error:
        return {"refused": errno.errorcode.get(error.errno, "?")}
    except ValueError:
        return {"refused": "ERR_INVALID_ARG_VALUE"}
    def end(sign):
        try:
            os.killpg(program.pid, sign)
        except (ProcessLookupError, PermissionError):
            pass

    def wait_for_group():
        """A KILL takes a moment; not for ever, since zombies that nobody reaps are members too."""
        for _ in range(200):
            try:
                os.killpg(program.pid, 0)
            except (ProcessLookupError, PermissionError):
                return
            time.sleep(0.01)

    over = threading.Event()

    def watch():
        while not over.wait(5):
            if time.monotonic() - state["alive"].get(job["client"], 0) > job["silenceSeconds"]:
                return end(signal.SIGKILL)

    def stop(grace_seconds):
        end(signal.SIGTERM)
        if not over.wait(grace_seconds):
            end(signal.SIGKILL)

    state.setdefault("running", {})[name] = stop
    if name in state["stopped"]:  # it came meanwhile
        threading.Thread(target=stop, args=(state["stopped"][name],), daemon=True).start()
    threading.Thread(target=watch, daemon=True).start()
    try:
        code = program.wait()
    finally:
        over.set()
        state["running"].pop(name, None)
        if name in state["stopped"]:
            end(signal.SIGKILL)
            wait_for_group()
        tell_guard(b"forget", program.pid)
    return {"exitCode": 128 - code if code < 0 else code}


def stop_program(name, grace_seconds, state):
    """True where the program runs on this machine. A start that is still to come is prevented."""
    import threading

    state.setdefault("stopped", {})[name] = grace_seconds
    stop = state.setdefault("running", {}).get(name)
    if stop is None:
        return False
    threading.Thread(target=stop, args=(grace_seconds,), daemon=True).start()
    return True


def give_sign(client, state):
    import time

    state.setdefault("alive", {})[client] = time.monotonic()


def answer(number, job, result, message=None):
    emit({"id": number, **(result if message is None else {"lost": message})})


class Dask:
    def __init__(self, options):
        from distributed import Client

        self.client = Client(**options)
        self.futures = {}

    def run(self, number, job):
        future = self.client.submit(dask_run, job, key=job["name"], pure=False)
        self.futures[job["name"]] = future
        future.add_done_callback(lambda done: self.settle(number, job, done))

    def settle(self, number, job, future):
        self.futures.pop(job["name"], None)
        if future.status == "finished":
            answer(number, job, future.result())
        elif future.status == "cancelled":
            answer(number, job, {"stopped": True} if job.get("isStopped") else {"lost": "Dask cancelled it."})
        else:
            answer(number, job, None, f"Dask lost it: {future.exception()}")

    def stop(self, job, grace_seconds):
        job["isStopped"] = True
        found = self.client.run(dask_stop, job["name"], grace_seconds)
        future = self.futures.get(job["name"])
        if not any(found.values()) and future is not None:
            future.cancel()

    def sign(self, client):
        self.client.run(dask_sign, client)

    def close(self):
        self.client.close(timeout=5)


def dask_run(job):
    from distributed import get_worker

    return run_program(job, get_worker().__dict__.setdefault("orion", {}))


def dask_stop(name, grace_seconds, dask_worker=None):
    return stop_program(name, grace_seconds, dask_worker.__dict__.setdefault("orion", {}))


def dask_sign(client, dask_worker=None):
    give_sign(client, dask_worker.__dict__.setdefault("orion", {}))


class Ray:
    """One actor for each program: its second thread is there to stop the first one."""

    def __init__(self, options):
        import ray

        self.ray = ray
        ray.init(**options)
        self.actors = {}

        class Runner:
            def __init__(self):
                self.state = {}

            def run(self, job):
                return run_program(job, self.state)

            def stop(self, name, grace_seconds):
                return stop_program(name, grace_seconds, self.state)

            def sign(self, client):
                give_sign(client, self.state)

        self.Runner = ray.remote(num_cpus=1, max_concurrency=3)(Runner)

    def run(self, number, job):
        actor = self.Runner.remote()
        self.actors[job["name"]] = actor
        future = actor.run.remote(job).future()
        future.add_done_callback(lambda done: self.settle(number, job, done))

    def settle(self, number, job, future):
        actor = self.actors.pop(job["name"], None)
        try:
            answer(number, job, future.result())
        except Exception as error:
            answer(number, job, None, f"Ray lost it: {error}")
        if actor is not None:
            self.ray.kill(actor)

    def stop(self, job, grace_seconds):
        actor = self.actors.get(job["name"])
        if actor is not None:
            actor.stop.remote(job["name"], grace_seconds)

    def sign(self, client):
        for actor in list(self.actors.values()):
            actor.sign.remote(client)

    def close(self):
        self.ray.shutdown()


clusters = {"dask": Dask, "ray": Ray}
lock = threading.Lock()
output = None


def emit(message):
    with lock:
        output.write(json.dumps(message) + "\n")
        output.flush()


def main():
    global output
    # What libraries print is not for our reader.
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    opening = json.loads(sys.stdin.readline())
    try:
        cluster = clusters[opening["cluster"]](opening["options"])
    except BaseException as error:
        emit({"failed": f"{type(error).__name__}: {error}"})
        os._exit(1)
    emit({"ready": True})

    client = uuid.uuid4().hex
    jobs = {}

    def sign_always():
        wait = threading.Event()
        while not wait.wait(SIGN_SECONDS):
            try:
                cluster.sign(client)
            except Exception as error:
                print(f"No sign of life could be given: {error}", file=sys.stderr)

    threading.Thread(target=sign_always, daemon=True).start()

    def stop(job, grace_seconds):
        try:
            cluster.stop(job, grace_seconds)
        except Exception as error:
            print(f"A program could not be stopped: {error}", file=sys.stderr)

    for line in sys.stdin:
        message = json.loads(line)
        if "run" in message:
            number = message["run"]
            job = {key: value for key, value in message.items() if key != "run"}
            job.update(name=f"orion-{client}-{number}", client=client, silenceSeconds=SILENCE_SECONDS)
            jobs[number] = job
            try:
                cluster.run(number, job)
            except Exception as error:
                answer(number, job, None, f"{type(error).__name__}: {error}")
        elif "stop" in message:
            job = jobs[message["stop"]]
            threading.Thread(target=stop, args=(job, message["graceSeconds"]), daemon=True).start()
        elif "forget" in message:
            jobs.pop(message["forget"], None)

    stops = [threading.Thread(target=stop, args=(job, 0), daemon=True) for job in list(jobs.values())]
    for thread in stops:
        thread.start()
    for thread in stops:
        thread.join(5)
    try:
        cluster.close()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
