"""What commands that make files share: the application, in which texts are looked up, and a new file of one's own."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

_UNUSABLE = 2


@contextmanager
def application(settings: Any, database: str | None) -> Iterator[None]:
    """The texts in the files are those of the web, so they are looked up within its application."""
    from dataclasses import replace

    from service import store
    from service.app import create_app

    try:
        app = create_app(replace(settings, database=database) if database else settings)
    except (RuntimeError, OSError, *store.CONNECTION_ERRORS) as error:
        click.echo(f"The database cannot be used: {error}", err=True)
        sys.exit(_UNUSABLE)
    try:
        with app.app_context():
            yield
    finally:
        store.close()


@contextmanager
def fresh_file(file: Path) -> Iterator[Any]:
    """A new file that only its owner may read: what is in it is not for everybody. Removed if nothing came of it."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        click.echo(f"{file} cannot be written: {error.strerror}", err=True)
        sys.exit(_UNUSABLE)
    try:
        with open(descriptor, "wb") as output:
            yield output
    except BaseException:
        file.unlink(missing_ok=True)
        raise
