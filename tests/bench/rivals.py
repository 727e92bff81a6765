"""Starts what a bench compares, on one embedded database, and tells what each process group costs."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SAME_WORKER = "service.cli.workers.StayingWorker"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def cpu(self) -> float:
        """Seconds of CPU of parent and workers so far."""
        everyone = [psutil.Process(self.process.pid), *self.workers()]
        return sum(sum(one.cpu_times()[:2]) for one in everyone)


@contextmanager
def serving(command: Sequence[str], port: int, environment: dict[str, str], path: str) -> Iterator[Server]:
    process = subprocess.Popen(command, env=os.environ | environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def minyi(database: str, secret: bytes, *options: str, workers: int = 2) -> Iterator[Server]:
    port = free_port()
    environment = {
        "MINYI_DATABASE": database,
        "MINYI_SECRET": secret.hex(),
        "MINYI_BASE_URL": f"http://127.0.0.1:{port}",
        "MINYI_PORT": str(port),
        "MINYI_WORKERS": str(workers),
        "MINYI_LOG_LEVEL": "WARNING",
    }
    with serving([sys.executable, "-m", "service.cli", "serve", *options], port, environment, "/readyz") as server:
        yield server


@contextmanager
def floor(uri: str, workers: int = 2, threads: int = 16, worker: str = SAME_WORKER) -> Iterator[Server]:
    """Under the same gunicorn; `worker` is the class of its workers, ours or one of gunicorn's own."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--worker-class", worker, "--workers", str(workers)]
    command += ["--threads", str(threads), "--keep-alive", "15", "--log-level", "warning", "--no-control-socket"]
    command += ["--bind", f"127.0.0.1:{port}", "--pythonpath", str(HERE), "floor:create_app()"]
    with serving(command, port, {"FLOOR_DATABASE": uri}, "/") as server:
        yield server


@dataclass
class Run:
    """One run of the client: rate a second, latencies in milliseconds, CPU in milliseconds a request."""

    rate: float
    latencies: list[float]
    statuses: dict[str, int]
    worker_cpu: float
    database_cpu: float

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def run_load(server: Server, database: psutil.Process, requests: Sequence[tuple[str, ...]], connections: int) -> Run:
    order = json.dumps({"port": server.port, "connections": connections, "requests": list(requests)})
    before = server.cpu(), cpu_of(database)
    done = subprocess.run(
        [sys.executable, str(HERE / "load.py")], input=order, capture_output=True, text=True, check=True
    )
    after = server.cpu(), cpu_of(database)
    found = json.loads(done.stdout)
    count = len(requests)
    spent = [(late - early) * 1000 / count for early, late in zip(before, after, strict=True)]
    rate = count / found["seconds"]
    return Run(rate, [one * 1000 for one in found["latencies"]], found["statuses"], *spent)


def database_process(directory: str) -> psutil.Process:
    """The embedded server of one data directory: other tests may run others."""
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if "secantus" in command and any(part.startswith(directory) for part in command):
            return process
    raise LookupError(f"no embedded database runs in {directory}")


def cpu_of(process: psutil.Process) -> float:
    return sum(process.cpu_times()[:2])
