"""Checklists: published versions, immutable and kept for ever, since phones finish on the version they began with."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.inspect import checklists as rules
from service.domain.inspect.checklists import EVIDENCE, Checklist, ChecklistVersion
from service.operations.acts import create_once, load
from service.operations.collect.templates import texts_of
from service.store import records


def publish(actor: Actor, now: datetime, definition: Mapping[str, Any]) -> tuple[ChecklistVersion, bool]:
    """Publish a version; it never changes. A repeat is recognised.

    Raises Refused: checklist_invalid with every fault, id_taken for other content under a known version.
    """
    access.require(actor, "checklists.write")
    checklist = rules.parse(definition)
    version = ChecklistVersion(
        id=checklist.version_id,
        checklist=checklist.id,
        number=checklist.version,
        digest=checklist.digest,
        record_kind=checklist.record_kind,
        definition=rules.to_plain(checklist),
        published_at=now,
        published_by=actor.id,
    )
    ignoring = ("published_at", "published_by")
    return create_once("checklist.published", actor, now, f"checklist:{checklist.id}", version, ignoring)


def published() -> list[ChecklistVersion]:
    """All versions, by id and number."""
    return sorted(records.find(ChecklistVersion), key=lambda one: (one.checklist, one.number))


def versions(actor: Actor) -> list[ChecklistVersion]:
    access.require(actor, "checklists.read")
    return published()


def read(actor: Actor, id: str) -> ChecklistVersion:
    access.require(actor, "checklists.read")
    return get(id)


def get(id: str) -> ChecklistVersion:
    """A published version by `<checklist>@<number>`. Raises Refused("not_found")."""
    return load(ChecklistVersion, id, "checklist")


@lru_cache(maxsize=128)
def parsed(id: str) -> Checklist:
    """A published version, parsed once a process: it cannot change."""
    return rules.parse(get(id).definition)


def for_kind(record_kind: str, direction: str = "claims") -> ChecklistVersion:
    """The version by which items of a frame are looked up that is drawn from now: the latest published one.

    Raises Refused("not_found") when none is published for this kind.
    """
    wanted = EVIDENCE if direction == EVIDENCE else record_kind
    found = [version for version in published() if version.record_kind == wanted]
    if not found:
        raise Refused("not_found", noun="checklist")
    return max(found, key=lambda one: (one.published_at, one.number))


def shipped() -> dict[str, Checklist]:
    """The checklists that come with the service, by their file's name. Raises Refused naming file, line and field."""
    return {name: rules.parse_yaml(text, name) for name, text in sorted(texts_of("checklists").items())}


def publish_shipped(actor: Actor, now: datetime) -> list[ChecklistVersion]:
    """Publish every checklist that comes with the service, if it is not published yet."""
    return [publish(actor, now, rules.to_plain(checklist))[0] for checklist in shipped().values()]


def text_of(id: str) -> str:
    """The YAML text of a shipped version, to begin one of one's own from; empty if there is none of this id."""
    found = (text for name, text in texts_of("checklists").items() if rules.parse_yaml(text, name).version_id == id)
    return next(found, "")
