"""`minyi draw-secret`: a secret long enough, its commitment, a file that nobody else reads and nothing overwrites."""

import hashlib
import os
import stat

from click.testing import CliRunner

from service.cli import main


def minyi(*args):
    return CliRunner().invoke(main, ["draw-secret", *map(str, args)])


def parts(text):
    return dict(line.split() for line in text.splitlines())


def test_a_fresh_secret_and_its_commitment():
    found = [parts(minyi().stdout) for _ in range(2)]
    for one in found:
        assert len(bytes.fromhex(one["secret"])) == 32
        assert hashlib.sha256(bytes.fromhex(one["secret"])).hexdigest() == one["commitment"]
    assert found[0]["secret"] != found[1]["secret"]


def test_the_published_commitment():
    done = minyi("--check", bytes(range(16)).hex())
    assert parts(done.stdout)["commitment"] == "be45cb2605bf36bebde684841a28f0fd43c69850a3dce5fedba69928ee3a8991"
    for bad in ("00" * 15, "zz" * 16, "AB" * 16, "0" * 33):
        assert minyi("--check", bad).exit_code == 2


def test_a_file_is_for_its_owner_and_never_replaced(tmp_path):
    path = tmp_path / "secret.txt"
    done = minyi("--file", path)
    assert done.exit_code == 0
    kept = parts(path.read_text())
    assert done.stdout == f"commitment {kept['commitment']}\n"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert minyi("--file", path).exit_code == 1
    assert parts(path.read_text()) == kept
    assert minyi("--file", tmp_path / "no" / "folder").exit_code == 1
