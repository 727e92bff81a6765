"""`minyi first-admin`: from an empty database to somebody who can sign in, once."""

import commands
from accounts import API
from flask.testing import FlaskClient

from service.config import Settings


def first_admin(settings: Settings, password: str, *arguments: str, anew: bool = False) -> tuple[int, str, str]:
    return commands.run(settings, "first-admin", "--password-stdin", *arguments, typed=f"{password}\n", anew=anew)


def test_the_first_account_signs_in_and_there_is_no_second_first_one(client: FlaskClient, settings: Settings) -> None:
    code, _, err = first_admin(settings, "short")
    assert (code, "password: " in err) == (1, True)
    code, out, err = first_admin(settings, "correct horse battery staple", "it-office", anew=True)
    assert (code, err) == (0, "")
    assert "correct horse" not in out
    signed = client.post(f"{API}/sessions", json={"username": "it-office", "password": "correct horse battery staple"})
    assert signed.status_code == 201
    assert signed.get_json()["user"]["roles"] == ["admin"]
    code, _, err = first_admin(settings, "correct horse battery staple", "another")
    assert (code, "not empty" in err) == (1, True)
