"""`minyi purge`: what was kept long enough is shown by a dry run, then deleted with a proof."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any

import click

from service.cli.options import opened_database
from service.domain.procedure import retention as rules

_REFUSED = 1


@click.command("purge")
@click.option("--kind", type=click.Choice(rules.KINDS), default=rules.CONTACTS, help="What to delete.")
@click.option("--dry-run", is_flag=True, help="Show what is due, and the plan's number; delete nothing.")
@click.option("--plan", metavar="SHA256", help="The number that a dry run showed. Only exactly this is deleted.")
@click.option("--rules", "file", type=click.File("r", encoding="utf-8"), help="Terms in YAML instead of our own.")
@click.option("--project", default="", metavar="ID", help="Only this project.")
@click.option("--database", metavar="URL", help="Instead of MINYI_DATABASE; no other setting is needed then.")
def purge(kind: str, dry_run: bool, plan: str | None, file: IO[str] | None, project: str, database: str | None) -> None:
    """Delete what was kept long enough, by its kind; without --kind personal columns of lists, for cron.

    Any other kind needs a dry run first: it prints what is due as JSON lines and the number of that plan.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    with _told(), opened_database(database):
        if kind == rules.CONTACTS:
            return _contacts(now, dry_run)
        from service.operations.procedure import retention

        terms = rules.load_rules(file.read()) if file else rules.RULES
        if plan is None or dry_run:
            if not dry_run:
                raise click.UsageError("Give --dry-run first, then --plan with the number that it shows.")
            return _show(retention.plan(now, kind, terms, project))
        for proof in retention.purge(now, kind, terms, plan, project):
            click.echo(_line(vars(proof)))


def _contacts(now: datetime, dry_run: bool) -> None:
    from service.operations.inspect import contacts

    if dry_run:
        click.echo(f"personal columns of {contacts.due(now)} items are due")
    else:
        click.echo(f"personal columns of {contacts.purge(now)} items deleted")


def _show(found: Any) -> None:
    for state, held in (("due", found.due), ("kept", found.kept)):
        for one in held:
            told = vars(one) | {"state": state, "why": rules.KEPT.get(one.kept, "")}
            click.echo(_line(told))
    click.echo(f"plan {found.digest}" if found.due else "nothing is due")


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)


@contextmanager
def _told() -> Iterator[None]:
    from service.domain.errors import Refused

    try:
        yield
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(_REFUSED)
