"""Which databases are accepted; each in a process of its own, since a process has one database."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pymongo
import pytest
from pymongo.errors import PyMongoError

OPEN = "import sys; from service import store; store.open_database(sys.argv[1]); print(store.ready()); store.close()"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def opened(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", OPEN, url], capture_output=True, text=True, timeout=60)


@pytest.fixture(params=[True, False], ids=["standalone", "replica set"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, bool]]:
    """(address, whether it runs alone) of a server without transactions and of one with them."""
    port = free_port()
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    command = [sys.executable, "-m", "secantus", "--config", str(tmp_path / "empty.toml")]
    command += ["--storage-path", str(tmp_path / "data"), "--port", str(port)]
    process = subprocess.Popen(command + ["--standalone"] * request.param, stdout=subprocess.DEVNULL)
    url = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    try:
        for _ in range(100):
            try:
                with pymongo.MongoClient(url, serverSelectionTimeoutMS=200) as client:
                    client.admin.command("hello")
                break
            except PyMongoError:
                time.sleep(0.1)
        yield url, request.param
    finally:
        process.kill()
        process.wait()


def test_a_server_without_transactions_is_refused_with_the_remedy(server: tuple[str, bool]) -> None:
    url, alone = server
    done = opened(url)
    if alone:
        assert done.returncode == 1
        assert "DatabaseUnusable" in done.stderr
        assert "--replSet" in done.stderr
    else:
        assert (done.returncode, done.stdout.strip()) == (0, "True"), done.stderr
        with pymongo.MongoClient(url) as client:
            [inbox] = client["minyi"].list_collections(filter={"name": "inbox"})
        assert inbox["options"]["clusteredIndex"]["key"] == {"_id": 1}


def test_an_address_of_another_kind_is_refused_without_repeating_it() -> None:
    done = opened("postgresql://user:hunter2@localhost/minyi")
    assert done.returncode == 1
    assert "embedded:DIRECTORY or mongodb://" in done.stderr
    assert "hunter2" not in done.stderr
