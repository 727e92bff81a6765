"""What `minyi demo` is told: options that cannot work, where it listens, and how its facts are written."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from click.testing import CliRunner

from service.cli import main
from service.cli.demo import EVERYWHERE, listening
from service.cli.demonstration.facts import exact_json, write_private


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--base-url", "192.168.1.5:8000"], "--base-url is not an http(s) address"),
        (["--base-url", "http://192.168.1.5/s"], "no path"),
        (["--json", "/nowhere/facts.json"], "the folder of /nowhere/facts.json does not exist"),
        (["--data", os.path.dirname(__file__)], "is not empty"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_starts(options, told):
    result = CliRunner().invoke(main, ["demo", *options])
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())


def test_without_the_embedded_database_it_says_what_to_install(tmp_path):
    program = "import sys; sys.modules['secantus'] = None; from service.cli import main; main(['demo'])"
    environ = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'minyi[embedded]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_asked_for_and_taken_is_refused():
    with taken_port() as port:
        result = CliRunner().invoke(main, ["demo", "--port", str(port)])
    assert result.exit_code == 2
    assert f"cannot listen on 127.0.0.1, port {port}" in " ".join(result.stderr.split())


@contextmanager
def taken_port() -> Iterator[int]:
    """A port of loopback on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("base_url", "host", "expected_host", "expected_base"),
    [
        (None, None, "127.0.0.1", "http://127.0.0.1:{port}"),
        ("http://192.0.2.7:{port}", None, EVERYWHERE, "http://192.0.2.7:{port}"),
        ("https://demo.example.org", None, EVERYWHERE, "https://demo.example.org"),
        ("https://demo.example.org", "127.0.0.1", "127.0.0.1", "https://demo.example.org"),
    ],
)
def test_it_listens_where_the_printed_address_leads(base_url, host, expected_host, expected_base):
    with taken_port() as port:
        pass  # free again
    asked = base_url and base_url.format(port=port)
    listener, found = listening(asked, host, None if asked and asked.startswith("http:") else port)
    with listener:
        assert listener.getsockname() == (expected_host, port)
    assert found == {"host": expected_host, "port": port, "base_url": expected_base.format(port=port)}


def test_numbers_keep_digits_that_no_float_holds():
    exact = Decimal("84.144174702560000000000000000001")
    assert json.loads(exact_json({"total": exact, "one": Decimal("1E+1")}), parse_float=Decimal) == {
        "total": exact,
        "one": 10,
    }


def test_a_file_that_cannot_be_replaced_leaves_no_draft(tmp_path):
    (tmp_path / "facts.json").mkdir()
    with pytest.raises(OSError, match="facts.json"):
        write_private(tmp_path / "facts.json", "{}")
    assert [path.name for path in tmp_path.iterdir()] == ["facts.json"]
