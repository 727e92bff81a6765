"""`minyi draw-secret`: a party's secret for a draw, and its commitment, made on the party's own computer."""

import os
import re
import secrets

import click

from service.domain.inspect.draws import commitment

_BYTES = 32


@click.command("draw-secret")
@click.option("--file", "path", type=click.Path(dir_okay=False), help="Write into this new file, for you alone.")
@click.option("--check", "secret", metavar="HEX", help="Print the commitment of this secret instead of making one.")
def draw_secret(path: str | None, secret: str | None) -> None:
    """Make a secret for a draw, and the commitment that is deposited before anybody reveals.

    Keep the secret until all commitments are in; then reveal it. Needs neither server nor network.
    """
    if secret is not None and (path is not None or not re.fullmatch(r"(?:[0-9a-f]{2}){16,}", secret)):
        raise click.BadParameter("at least 32 lower-case hexadecimal digits, and no --file.", param_hint="--check")
    made = secret or secrets.token_hex(_BYTES)
    text = f"secret {made}\ncommitment {commitment(bytes.fromhex(made))}\n"
    if path is None:
        click.echo(text, nl=False)
        return
    try:  # never over a file that may hold the secret of another draw
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise click.FileError(path, error.strerror or "cannot be written") from error
    click.echo(text.split("\n")[1])
