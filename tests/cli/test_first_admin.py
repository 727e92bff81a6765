"""`minyi first-admin`: from an empty database to somebody who can sign in, once."""

import subprocess
import sys
from pathlib import Path

from accounts import API
from flask.testing import FlaskClient

from service.config import Settings

ROOT = Path(__file__).parents[2]


def first_admin(settings: Settings, password: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service.cli", "first-admin", "--password-stdin", "--database", settings.database]
    return subprocess.run(
        [*command, *arguments], cwd=ROOT, input=password + "\n", capture_output=True, text=True, timeout=60, check=False
    )


def test_the_first_account_signs_in_and_there_is_no_second_first_one(client: FlaskClient, settings: Settings) -> None:
    weak = first_admin(settings, "short")
    assert (weak.returncode, "password: " in weak.stderr) == (1, True)
    made = first_admin(settings, "correct horse battery staple", "it-office")
    assert (made.returncode, made.stderr) == (0, "")
    assert "correct horse" not in made.stdout
    signed = client.post(f"{API}/sessions", json={"username": "it-office", "password": "correct horse battery staple"})
    assert signed.status_code == 201
    assert signed.get_json()["user"]["roles"] == ["admin"]
    again = first_admin(settings, "correct horse battery staple", "another")
    assert (again.returncode, "not empty" in again.stderr) == (1, True)
