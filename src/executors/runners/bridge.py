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
import queue
import socket
import sys
import threading
import time
import uuid

SILENCE_SECONDS = 60  # after which a worker believes that whoever asked for a program is dead
SIGN_SECONDS = 10
LONGEST_GOODBYE_SECONDS = 15
GATHER_SECONDS = 0.01


def run_program(job, state):
    """Run one program on this machine; `state` is what the process of the worker remembers between calls."""
    import errno
    import os
    import signal
    import subprocess
    import sys
    import threading
    import time
    import uuid

    name = job["name"]
    state.setdefault("alive", {}).setdefault(job["client"], time.monotonic())
    if name in state.setdefault("stopped", {}):
        return {"stopped": True}
    lock = state.setdefault("lock", threading.Lock())
    # Our caller has seen all of them; a machine that does not is to blame, and not the program.
    for folder in (job["directory"], os.path.dirname(job["stdout"]), os.path.dirname(job["stderr"])):
        if not os.path.isdir(folder):
            return {"lost": f"The directory {folder} does not exist on the machine {os.uname().nodename}."}

    def tell_guard(word):
        """One small shell ends the programs that run when this process dies: it waits on a pipe of ours.

        It is told of a program before that starts, so that there is no moment in which we could die without it, and
        finds it by its environment, which only Linux lets a process look into. (A program that tells it first itself,
        in `preexec_fn`, costs a copy of this whole process.)
        """
        if sys.platform != "linux":
            return
        with lock:
            words = f"{word} {number}\n"
            shell = state.get("guard")
            if shell is None or shell.poll() is not None:
                # Until there is nobody twice in a row, since a fork may just be under way.
                script = (
                    "trap '' TERM INT HUP QUIT; numbers=' '; "
                    "while read -r word number; do case $word in "
                    "+) numbers=\"$numbers$number \" ;; "
                    "-) numbers=\"${numbers%% $number *} ${numbers#* $number }\" ;; esac; done; "
                    "empty=0; tries=0; "
                    "while [ $empty -lt 2 ] && [ $tries -lt 100 ]; do tries=$((tries + 1)); "
                    "files=$(for number in $numbers; do printf '%s\\0' /proc/[0-9]*/environ | "
                    'xargs -0 grep -lszxF -e "ORION_GUARD=$1-$number"; done); '
                    'if [ -z "$files" ]; then empty=$((empty + 1)); sleep 0.1 || sleep 1; continue; fi; '
                    "empty=0; for file in $files; do pid=${file#/proc/}; pid=${pid%/environ}; "
                    'kill -s KILL -- "-$pid"; kill -s KILL "$pid"; done; done'
                )
                shell = state["guard"] = subprocess.Popen(
                    ["/bin/sh", "-c", script, "orion-guard", mark],
                    env={"PATH": os.environ.get("PATH", os.defpath)},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
                words = "".join(f"+ {other}\n" for other in watched) + words
            watched.add(number) if word == "+" else watched.discard(number)
            try:
                os.write(shell.stdin.fileno(), words.encode())
            except OSError:
                pass  # it was killed; the next program gets another one

    with lock:
        mark = state.setdefault("mark", uuid.uuid4().hex)
        watched = state.setdefault("watched", set())
        number = state["number"] = state.get("number", 0) + 1
    tell_guard("+")

    # Ray keeps INT from the threads of its workers, and a program would inherit that.
    blocked = signal.pthread_sigmask(signal.SIG_SETMASK, ())
    try:
        with open(job["stdout"], "ab") as out, open(job["stderr"], "ab") as err:
            program = subprocess.Popen(
                job["argv"],
                env={**job["environment"], "ORION_GUARD": f"{mark}-{number}"},
                cwd=job["directory"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
    except OSError as error:
        tell_guard("-")
        return {"refused": errno.errorcode.get(error.errno, "?")}
    except ValueError:
        tell_guard("-")
        return {"refused": "ERR_INVALID_ARG_VALUE"}
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)

    def other_groups():
        """Those that what it started has made in its session, as `timeout` does; on Linux."""
        groups = set()
        for pid in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else ()):
            try:
                with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
                    state_letter, _, group, session = file.read().rpartition(")")[2].split()[:4]
            except OSError:
                continue  # it has ended
            if int(session) == program.pid != int(group) and state_letter not in "ZX":
                groups.add(int(group))
        return groups

    def signal_group(group, sign):
        """False when it has no members of ours."""
        try:
            os.killpg(group, sign)
            return True
        except (ProcessLookupError, PermissionError):
            return False

    def end(sign):
        signal_group(program.pid, sign)
        for group in other_groups():
            signal_group(group, sign)

    def wait_for_group():
        """A KILL takes a moment; not for ever, since zombies that nobody reaps are members too."""
        for _ in range(200):
            if not signal_group(program.pid, 0) and not other_groups():
                return
            time.sleep(0.01)

    over = threading.Event()

    def stop(grace_seconds):
        end(signal.SIGTERM)
        if not over.wait(grace_seconds):
            end(signal.SIGKILL)

    def watch():
        """One thread for all programs of this process: those that nobody waits for any more are ended."""
        while not state["unwatched"].wait(5):
            for client, stop in list(state["running"].values()):
                if time.monotonic() - state["alive"].get(client, 0) > job["silenceSeconds"]:
                    stop(0)

    with lock:
        state.setdefault("running", {})[name] = (job["client"], stop)
        if "unwatched" not in state:
            state["unwatched"] = threading.Event()
            threading.Thread(target=watch, daemon=True).start()
    if name in state["stopped"]:  # it came meanwhile
        threading.Thread(target=stop, args=(state["stopped"][name],), daemon=True).start()
    try:
        code = program.wait()
    finally:
        over.set()
        state["running"].pop(name, None)
        if name in state["stopped"]:
            end(signal.SIGKILL)
            wait_for_group()
        tell_guard("-")
    return {"exitCode": 128 - code if code < 0 else code}


def stop_program(name, grace_seconds, state):
    """True where the program runs on this machine. A start that is still to come is prevented."""
    import threading

    state.setdefault("stopped", {})[name] = grace_seconds
    _, stop = state.setdefault("running", {}).get(name, (None, None))
    if stop is None:
        return False
    threading.Thread(target=stop, args=(grace_seconds,), daemon=True).start()
    return True


def give_sign(client, state):
    import time

    state.setdefault("alive", {})[client] = time.monotonic()


def drain(things):
    """All that lies in the queue, at least one: whoever has many to do does them together."""
    found = [things.get()]
    try:
        while True:
            found.append(things.get_nowait())
    except queue.Empty:
        return found


class Dask:
    def __init__(self, options):
        from distributed import Client

        self.client = Client(**options)
        self.futures = {}
        self.jobs = {}  # by name, those that nobody has settled
        self.ended = queue.SimpleQueue()
        threading.Thread(target=self.settle_always, daemon=True).start()

    def run(self, jobs):
        names = [job["name"] for job in jobs]
        # In one message, since a scheduler has as much work with one of them as with a hundred.
        for job, future in zip(jobs, self.client.map(dask_run, jobs, key=names, pure=False)):
            self.futures[job["name"]] = future
            self.jobs[job["name"]] = job
            future.add_done_callback(lambda done, job=job: self.ended.put((job, done)))

    def settle_always(self):
        while True:
            ended = drain(self.ended)
            if len(self.futures) > len(ended):
                # Others end in these milliseconds, and one request for many results is what Dask is quick at.
                time.sleep(GATHER_SECONDS)
                while not self.ended.empty():
                    ended += drain(self.ended)
            # All futures are cancelled when the scheduler is lost. What follows from that depends on whether it is back.
            while self.client.status in ("connecting", "closing"):
                time.sleep(0.2)
            finished = [future for _, future in ended if future.status == "finished"]
            try:
                # Without a scheduler it takes half a minute to ask for nothing.
                results = dict(zip((future.key for future in finished), finished and self.client.gather(finished)))
            except Exception:
                results = {}  # one of them was lost meanwhile; each for itself
            if self.client.status != "closed":  # else no program is to blame, see `tidy`
                emit([self.settle(job, future, results) for job, future in ended if job["name"] in self.jobs])

    def settle(self, job, future, results):
        self.futures.pop(job["name"], None)
        self.jobs.pop(job["name"], None)
        try:
            result = results.get(future.key)
            if result is None and future.status == "cancelled":
                result = {"stopped": True} if job.get("isStopped") else {"lost": "Dask cancelled it."}
            elif result is None:
                result = future.result()
        except Exception as error:
            result = {"lost": f"Dask lost it: {error}"}
        return {"id": job["number"], **result}

    def stop(self, job, grace_seconds):
        job["isStopped"] = True
        found = self.client.run(dask_stop, job["name"], grace_seconds)
        future = self.futures.get(job["name"])
        if not any(found.values()) and future is not None:
            future.cancel()

    def sign(self, client):
        self.client.run(dask_sign, client)

    def tidy(self):
        if self.client.status == "connecting":
            # Nobody answers. A worker that has lost the scheduler ends, and its programs with it.
            stopped = [job for job in list(self.jobs.values()) if job.get("isStopped")]
            emit([{"id": self.jobs.pop(job["name"])["number"], "stopped": True} for job in stopped])
        if self.client.status == "closed":
            # It has tried for as long as its `timeout` says. That is not told as an end of programs, but as ours.
            print("The scheduler of Dask cannot be reached any more.", file=sys.stderr, flush=True)
            os._exit(1)

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
    """Actors that run one program after the other: the start of one takes longer than many a program.

    One that has nothing to do is let go soon, since it holds a core that somebody else may wait for. All but `sign` and
    `close` happens in one thread, as the tasks in its queue say; each gives the answers that follow from it.
    """

    IDLE_SECONDS = 2

    def __init__(self, options):
        import ray

        class Runner:
            def __init__(self):
                self.state = {}

            def ready(self):
                return True

            def run(self, job):
                return run_program(job, self.state)

            def stop(self, name, grace_seconds):
                return stop_program(name, grace_seconds, self.state)

            def sign(self, client):
                give_sign(client, self.state)

        self.ray = ray
        self.call_at(str(options.get("address", "")))
        ray.init(**options)
        # Two more threads, since a stop and a sign of life come while a program runs.
        self.Runner = ray.remote(num_cpus=1, max_concurrency=3)(Runner)
        self.waiting = {}  # jobs by name, in the order in which they came
        self.starting = set()
        self.idle = []  # with the time since when
        self.busy = {}  # actors by the name of the job
        self.tasks = queue.SimpleQueue()
        self.is_closed = False
        threading.Thread(target=self.work_always, daemon=True).start()

    def call_at(self, address):
        """Ask whether anybody is there, which takes `ray.init` minutes to find out."""
        host, colon, port = address.removeprefix("ray://").rpartition(":")
        if colon and port.isdigit():
            socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()

    def run(self, jobs):
        self.tasks.put((self.take, jobs))

    def stop(self, job, grace_seconds):
        self.tasks.put((self.stop_now, job, grace_seconds))

    def work_always(self):
        while not self.is_closed:
            answers = []
            for task, *words in drain(self.tasks):
                answers.extend(task(*words))
            self.hand_out()
            if answers:
                emit(answers)

    def take(self, jobs):
        self.waiting.update((job["name"], job) for job in jobs)
        return []

    def stop_now(self, job, grace_seconds):
        name = job["name"]
        if self.waiting.pop(name, None) is not None:
            return [{"id": job["number"], "stopped": True}]
        if name in self.busy:
            self.busy[name].stop.remote(name, grace_seconds)
        return []

    def hand_out(self):
        while self.waiting and self.idle:
            self.start(self.waiting.pop(next(iter(self.waiting))), self.idle.pop()[0])
        # No more than there are at work: whoever has to wait for a machine soon finds a free one of these instead.
        while len(self.starting) < min(len(self.waiting), max(4, len(self.busy))):
            actor = self.Runner.remote()
            self.starting.add(actor)
            self.when_done(actor.ready.remote(), self.begin, actor)

    def start(self, job, actor):
        self.busy[job["name"]] = actor
        self.when_done(actor.run.remote(job), self.end, job, actor)

    def when_done(self, reference, task, *words):
        reference.future().add_done_callback(lambda done: self.tasks.put((task, *words, done)))

    def begin(self, actor, done):
        if actor not in self.starting:
            return []  # let go meanwhile
        self.starting.discard(actor)
        if done.exception() is None:
            self.idle.append((actor, time.monotonic()))
        elif self.waiting:
            job = self.waiting.pop(next(iter(self.waiting)))
            return [{"id": job["number"], "lost": f"Ray could not start a worker: {done.exception()}"}]
        return []

    def end(self, job, actor, done):
        self.busy.pop(job["name"], None)
        if done.exception() is not None:
            return [{"id": job["number"], "lost": f"Ray lost it: {done.exception()}"}]
        self.idle.append((actor, time.monotonic()))
        return [{"id": job["number"], **done.result()}]

    def let_go(self):
        now = time.monotonic()
        for actor, _ in [one for one in self.idle if now - one[1] >= self.IDLE_SECONDS]:
            self.ray.kill(actor)
        self.idle = [one for one in self.idle if now - one[1] < self.IDLE_SECONDS]
        for actor in list(self.starting)[len(self.waiting):]:
            self.starting.discard(actor)
            self.ray.kill(actor)
        return []

    def sign(self, client):
        for actor in list(self.busy.values()):
            actor.sign.remote(client)

    def tidy(self):
        self.tasks.put((self.let_go,))

    def close(self):
        self.is_closed = True  # whatever is called from now on would start a cluster of its own
        self.ray.shutdown()


clusters = {"dask": Dask, "ray": Ray}
lock = threading.Lock()
output = None


def emit(messages):
    text = "".join(json.dumps(message) + "\n" for message in messages)
    with lock:
        output.write(text)
        output.flush()


def read_messages():
    """Lists of messages, each with all that have come meanwhile."""
    rest = b""
    while True:
        piece = os.read(0, 1 << 20)
        if piece == b"":
            return
        *lines, rest = (rest + piece).split(b"\n")
        if lines:
            yield [json.loads(line) for line in lines]


def main():
    global output
    # What libraries print is not for our reader.
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    batches = read_messages()
    opening, *early = next(batches)
    try:
        cluster = clusters[opening["cluster"]](opening["options"])
    except BaseException as error:
        emit([{"failed": f"{type(error).__name__}: {error}"}])
        os._exit(1)
    emit([{"ready": True}])

    client = uuid.uuid4().hex
    jobs = {}
    is_over = threading.Event()

    def every(seconds, work):
        while not is_over.wait(seconds):
            try:
                work()
            except Exception as error:
                print(f"The cluster does not listen: {error}", file=sys.stderr)

    threading.Thread(target=every, args=(SIGN_SECONDS, lambda: cluster.sign(client)), daemon=True).start()
    if hasattr(cluster, "tidy"):
        threading.Thread(target=every, args=(1, cluster.tidy), daemon=True).start()

    def run(messages):
        started = []
        for message in messages:
            number = message.pop("run")
            name = f"orion-{client}-{number}"
            jobs[number] = {**message, "number": number, "name": name, "client": client, "silenceSeconds": SILENCE_SECONDS}
            started.append(jobs[number])
        try:
            cluster.run(started)
        except Exception as error:
            emit([{"id": job["number"], "lost": f"{type(error).__name__}: {error}"} for job in started])

    def stop(job, grace_seconds):
        try:
            cluster.stop(job, grace_seconds)
        except Exception as error:
            print(f"A program could not be stopped: {error}", file=sys.stderr)

    def start_stop(job, grace_seconds):
        thread = threading.Thread(target=stop, args=(job, grace_seconds), daemon=True)
        thread.start()
        return thread

    def do(messages):
        # A stop comes behind the start that it is for.
        starts = [message for message in messages if "run" in message]
        if starts:
            run(starts)
        for message in messages:
            if "stop" in message and message["stop"] in jobs:
                start_stop(jobs[message["stop"]], message["graceSeconds"])
            elif "forget" in message:
                jobs.pop(message["forget"], None)

    if early:
        do(early)
    for messages in batches:
        do(messages)

    is_over.set()
    # A cluster that does not answer must not keep us.
    threading.Timer(LONGEST_GOODBYE_SECONDS, os._exit, (0,)).start()
    for thread in [start_stop(job, 0) for job in list(jobs.values())]:
        thread.join(5)
    try:
        cluster.close()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
