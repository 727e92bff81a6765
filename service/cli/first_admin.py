"""`minyi first-admin`: the one account that nobody inside can make, since it makes all others."""

import sys
from datetime import UTC, datetime

import click

from service.cli.options import opened_database

_REFUSED = 1


@click.command("first-admin")
@click.argument("username", default="admin")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE; no other setting is needed then.")
def first_admin(username: str, password_stdin: bool, database: str | None) -> None:
    """Make the first account, which then makes all others; only in an empty service."""
    from service.domain.errors import Refused
    from service.operations import organisations

    # Never an argument: other users of the machine see those.
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _asked()
    with opened_database(database):
        try:
            organisations.first_admin(username, password, datetime.now(UTC))
        except Refused as refused:
            click.echo(str(refused), err=True)
            sys.exit(_REFUSED)
    click.echo(f"{username} may sign in at /desk/ and make organisations and users.")


def _asked() -> str:
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password
