"""What several commands share: settings, or a clear message and exit code 1."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from service.config import ConfigurationError, Settings


def settings_or_exit() -> Settings:
    try:
        return Settings.from_environ()
    except ConfigurationError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@contextmanager
def opened_database(url: str | None) -> Iterator[None]:
    """The database of --database, else that of the settings, open until the end of the block; exit code 2 if not."""
    from service import store

    try:
        store.open_database(url or settings_or_exit().database)
    except (RuntimeError, OSError, *store.CONNECTION_ERRORS) as error:
        click.echo(f"The database cannot be used: {error}", err=True)
        sys.exit(2)
    try:
        yield
    finally:
        store.close()
