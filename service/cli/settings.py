"""`minyi settings`: every setting with its default, its meaning and what it is now."""

from dataclasses import MISSING, Field
from typing import Any

import click

from service.config import documented, shown_now


def default_of(setting: Field[Any]) -> str:
    """A setting's default as people write it; `required` where there is none."""
    if setting.default is MISSING:
        return "required"
    return "none" if setting.default in ((), "") else str(setting.default)


def markdown() -> str:
    """The table of settings in README.md."""
    rows = [f"| `{s.metadata['env']}` | {_code(default_of(s))} | {s.metadata['doc']} |" for s in documented()]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def _code(text: str) -> str:
    return text if text in ("required", "none") else f"`{text}`"


@click.command("settings")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the table that stands in README.md.")
def settings(as_markdown: bool) -> None:
    """List every setting: default, meaning, present value."""
    if as_markdown:
        click.echo(markdown())
        return
    for setting in documented():
        click.echo(f"{setting.metadata['env']}  (default: {default_of(setting)}; now: {shown_now(setting)})")
        click.echo(f"    {setting.metadata['doc']}")
