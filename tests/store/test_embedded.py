"""The embedded database with its real processes: racing starts, locks, passwords, kills of every part, and the end."""

import contextlib
import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pymongo import MongoClient
from pymongo.errors import AutoReconnect, DuplicateKeyError, OperationFailure
from pymongo.uri_parser import parse_uri

from service.store.embedded import Attachment, attach
from service.store.embedded.layout import LOG_BYTES, Layout, bound_log, open_lock, try_lock, uri
from service.store.embedded.server import free_port, keep_port

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def processes(directory: Path, kind: str) -> list[psutil.Process]:
    """The living processes of a database: kind is `secantus` or `supervisor`."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            command = process.cmdline()
            mine = any(part == str(directory) or part.startswith(f"{directory}/") for part in command)
            module = command[command.index("-m") + 1] if "-m" in command else ""
            if mine and module.endswith(kind) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def only(directory: Path, kind: str) -> psutil.Process:
    """The one process of this kind."""
    [process] = processes(directory, kind)
    return process


def gone(directory: Path) -> bool:
    return not processes(directory, "secantus") and not processes(directory, "supervisor")


def eventually(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


@contextlib.contextmanager
def helper(what: str, directory: Path) -> Iterator[subprocess.Popen]:
    command = [sys.executable, HERE / "embedded_process.py", what, directory]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        yield process


def said(process: subprocess.Popen) -> dict:
    return json.loads(process.stdout.readline())


@pytest.fixture(scope="module")
def attached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Attachment]]:
    """A database that several tests share; each uses a collection of its own."""
    directory = tmp_path_factory.mktemp("shared") / "database"
    with attach(directory) as attachment:
        yield directory, attachment
    eventually(lambda: gone(directory))


@pytest.fixture
def connection(attached: tuple[Path, Attachment]) -> Iterator[MongoClient]:
    with MongoClient(attached[1].uri) as connection:
        yield connection


class Writer(threading.Thread):
    """Inserts numbers one after another, as the product does: after a broken connection the same id again."""

    def __init__(self, connection: MongoClient, name: str) -> None:
        super().__init__()
        self.collection = connection.test[name]
        self.acknowledged: list[int] = []
        self.enough = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.enough.is_set():
            with contextlib.suppress(AutoReconnect):
                with contextlib.suppress(DuplicateKeyError):
                    self.collection.insert_one({"_id": number})
                self.acknowledged.append(number)
                number += 1

    def progress(self, by: int) -> None:
        """Wait until so many more are acknowledged."""
        goal = len(self.acknowledged) + by
        eventually(lambda: len(self.acknowledged) >= goal, 30)

    def __enter__(self) -> "Writer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.enough.set()
        self.join()

    def nothing_lost(self) -> None:
        assert self.acknowledged
        assert sorted(d["_id"] for d in self.collection.find()) == self.acknowledged


def test_four_processes_race_for_one_server(tmp_path: Path) -> None:
    directory = tmp_path / "database"
    with contextlib.ExitStack() as stack:
        racers = [stack.enter_context(helper("work", directory)) for _ in range(4)]
        answers = [said(racer) for racer in racers]
        assert all(answer["found"] for answer in answers)
        assert len({answer["uri"] for answer in answers}) == 1
        only(directory, "secantus")
        only(directory, "supervisor")
        with MongoClient(answers[0]["uri"]) as connection:
            assert connection.test.clients.count_documents({}) == 4
        for racer in racers[:3]:
            racer.communicate()
        time.sleep(2.5)  # longer than the supervisor's grace: the fourth still holds
        only(directory, "secantus")
    assert [racer.returncode for racer in racers] == [0] * 4
    eventually(lambda: gone(directory))


def test_without_the_password_nothing_is_read_or_written(attached: tuple[Path, Attachment]) -> None:
    directory, attachment = attached
    assert "retryWrites=false" in attachment.uri
    password = (directory / "password").read_text()
    for address in (uri(attachment_port(attachment), None), attachment.uri.replace(password, "x")):
        for attempt in (lambda c: c.test.secrets.insert_one({"_id": 1}), lambda c: c.test.secrets.find_one()):
            with MongoClient(address) as stranger, pytest.raises(OperationFailure):
                attempt(stranger)
    with MongoClient(attachment.uri) as connection:
        assert connection.test.secrets.count_documents({}) == 0


def attachment_port(attachment: Attachment) -> int:
    return parse_uri(attachment.uri)["nodelist"][0][1]


def test_only_the_owner_reads_the_files_and_no_other_machine_the_port(attached: tuple[Path, Attachment]) -> None:
    directory, _ = attached
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert stat.S_IMODE((directory / "data").stat().st_mode) == 0o700
    files = [path for path in directory.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert "method=none" in (directory / "data" / "WiredTiger.config").read_text()
    listening = [c.laddr.ip for c in only(directory, "secantus").net_connections() if c.status == psutil.CONN_LISTEN]
    assert listening == ["127.0.0.1"]


def test_transactions_are_all_or_nothing(connection: MongoClient) -> None:
    accounts = connection.test.accounts
    accounts.insert_many([{"_id": "a", "n": 1}, {"_id": "b", "n": 1}])
    with connection.start_session() as session:
        session.start_transaction()
        accounts.update_one({"_id": "a"}, {"$inc": {"n": 1}}, session=session)
        assert accounts.find_one({"_id": "a"}, session=session)["n"] == 2
        assert accounts.find_one({"_id": "a"})["n"] == 1  # not visible outside
        with pytest.raises(DuplicateKeyError):
            accounts.insert_one({"_id": "b"}, session=session)
        session.abort_transaction()
    assert accounts.find_one({"_id": "a"})["n"] == 1
    with connection.start_session() as session, session.start_transaction():
        accounts.update_one({"_id": "a"}, {"$inc": {"n": 1}}, session=session)
        accounts.insert_one({"_id": "c"}, session=session)
    assert accounts.find_one({"_id": "a"})["n"] == 2
    assert accounts.find_one({"_id": "c"}) is not None


def test_a_killed_server_comes_back_with_every_acknowledged_write(
    attached: tuple[Path, Attachment], connection: MongoClient
) -> None:
    directory, attachment = attached
    address, pids = attachment.uri, set()
    with Writer(connection, "server_killed") as writer:
        for _ in range(3):
            writer.progress(150)
            server = only(directory, "secantus")
            pids.add(server.pid)
            server.kill()
            server.wait(10)
        writer.progress(150)
    writer.nothing_lost()
    assert len(pids) == 3
    assert attachment.uri == address


def test_a_killed_supervisor_takes_the_server_along_and_any_client_starts_both_again(
    attached: tuple[Path, Attachment], connection: MongoClient
) -> None:
    directory, attachment = attached
    address = attachment.uri
    with Writer(connection, "supervisor_killed") as writer:
        writer.progress(150)
        server, supervisor = only(directory, "secantus"), only(directory, "supervisor")
        supervisor.kill()
        server.wait(5)
        writer.progress(150)  # nobody called anything: the watching thread did it
    writer.nothing_lost()
    assert only(directory, "supervisor").pid != supervisor.pid
    assert attachment.uri == address
    attachment.ensure(5)


def test_a_supervisor_told_to_end_is_replaced_while_clients_live_and_no_user_but_ours_outlives_it(
    attached: tuple[Path, Attachment], connection: MongoClient
) -> None:
    directory, attachment = attached
    connection.test.told.insert_one({"_id": 1})
    connection.other.command("createUser", "stranger", pwd="x", roles=["read"])
    server, supervisor = only(directory, "secantus"), only(directory, "supervisor")
    supervisor.terminate()
    supervisor.wait(20)
    assert not server.is_running()
    attachment.ensure(20)
    assert connection.test.told.find_one() == {"_id": 1}
    assert [user["user"] for user in connection.admin["system.users"].find()] == ["minyi"]


def test_a_forked_child_keeps_the_hold_of_its_parent_and_watches_for_itself(tmp_path: Path) -> None:
    directory = tmp_path / "database"
    with helper("fork", directory) as parent:
        child = said(parent)
        assert parent.wait(5) == 0
        time.sleep(2.5)  # longer than the grace
        server, supervisor = only(directory, "secantus"), only(directory, "supervisor")
        supervisor.kill()
        server.wait(5)
        with MongoClient(child["uri"]) as connection:
            assert connection.supervision.sentinel.find_one() is not None
        assert only(directory, "supervisor").pid != supervisor.pid
        parent.stdin.close()
    eventually(lambda: not psutil.pid_exists(child["pid"]))
    eventually(lambda: gone(directory))


def test_nothing_is_left_when_gunicorns_parent_is_killed_and_the_data_are_there_next_time(tmp_path: Path) -> None:
    directory, port = tmp_path / "database", free_port()
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers", "2", "--threads", "2", "--timeout", "5"]
    command += ["--bind", f"127.0.0.1:{port}", "--pythonpath", f"{ROOT},{HERE}", "embedded_wsgi:app"]
    environment = {**os.environ, "EMBEDDED_TEST_DIRECTORY": str(directory)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as arbiter:
        try:
            eventually(lambda: _stored(port, "/first"), 30)
            eventually(lambda: len(psutil.Process(arbiter.pid).children()) == 2)
            workers = psutil.Process(arbiter.pid).children()
        finally:
            arbiter.kill()
    eventually(lambda: gone(directory) and not any(worker.is_running() for worker in workers), 20)

    with attach(directory) as attachment, MongoClient(attachment.uri) as connection:
        assert connection.test.requests.find_one() == {"_id": "/first"}
    eventually(lambda: gone(directory))
    for name in ("clients.lock", "supervisor.lock"):
        # A dying process loses its command line, by which `gone` finds it, a moment before its locks.
        lock = open_lock(directory / name)
        eventually(lambda lock=lock: try_lock(lock, exclusive=True))
        os.close(lock)


def _stored(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_a_server_that_stops_to_read_is_replaced(tmp_path: Path) -> None:
    directory = tmp_path / "database"
    quick = ["--grace", "0.5", "--check-every", "0.2", "--read-timeout", "0.5"]
    command = [sys.executable, "-m", "service.store.embedded.supervisor", directory, *quick]
    with subprocess.Popen(command, cwd=ROOT) as supervisor:  # by hand: the attachment finds it running
        eventually(Layout(directory).supervisor_lock.exists)
        with attach(directory) as attachment, MongoClient(attachment.uri) as connection:
            assert only(directory, "supervisor").pid == supervisor.pid
            second = subprocess.run(command, cwd=ROOT, timeout=20, check=False)
            assert second.returncode == 0  # it left at once
            server = only(directory, "secantus")
            server.suspend()  # its port still accepts, as that of a process does which has lost its disk
            eventually(lambda: not server.is_running())
            assert connection.supervision.sentinel.find_one() is not None
    assert supervisor.returncode == 0


def test_the_port_is_kept_unless_another_program_has_taken_it(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    port = keep_port(layout, patience=0)
    assert keep_port(layout, patience=0) == port
    with socket.create_server(("127.0.0.1", port)):
        other = keep_port(layout, patience=0.1)
    assert other != port
    assert layout.port() == other


@pytest.mark.long
def test_a_client_killed_inside_a_transaction_blocks_others_for_a_minute_at_most(
    attached: tuple[Path, Attachment], connection: MongoClient
) -> None:
    held = connection.test.held
    held.insert_one({"_id": 1, "n": 0})
    with helper("hold", attached[0]) as client:
        said(client)
        client.kill()
    started = time.monotonic()
    held.update_one({"_id": 1}, {"$inc": {"n": 1}})  # no transaction of ours that would clear the way
    assert time.monotonic() - started < 75
    assert held.find_one() == {"_id": 1, "n": 1}


def test_without_the_extra_the_remedy_is_named(tmp_path: Path) -> None:
    with helper("without", tmp_path / "database") as process:
        message = said(process)["error"]
    assert "pip install 'minyi[embedded]'" in message
    assert "MINYI_DATABASE=mongodb://" in message
    assert not (tmp_path / "database").exists()


def test_the_log_stays_bounded_and_keeps_its_end(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("ab") as writer:
        writer.write(b"x" * LOG_BYTES + b"the last line\n")
        writer.flush()
        bound_log(log)
        assert log.stat().st_size == 0
        writer.write(b"next\n")
    assert log.read_bytes() == b"next\n"
    before = (tmp_path / "log.1").read_text()
    assert before.endswith("the last line\n")
    assert len(before) == LOG_BYTES // 2
