"""Publications (公示): a final result before the public, after three persons of the lead have answered for it (O05)."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.inspect.personal_data import number_in

DRAFTED, OFFICE_HEAD, APPROVED, PUBLISHED = "drafted", "office_head", "approved", "published"
RETURNED, WITHDRAWN = "returned", "withdrawn"
STATES = (DRAFTED, OFFICE_HEAD, APPROVED, PUBLISHED, RETURNED, WITHDRAWN)
LIVE = (DRAFTED, OFFICE_HEAD, APPROVED, PUBLISHED)
ACTIVE, ON_REQUEST, EXEMPT = "active", "on_request", "exempt"
CLASSES = (ACTIVE, ON_REQUEST, EXEMPT)  # O05: open by itself, on request, or not at all
SECRETS = ("state_secrets", "trade_secrets", "personal_privacy")  # C27: what each head has looked for
# state -> what may follow. Only the two heads lead on to `approved`; a return sends it back to a new draft.
STEPS: Mapping[str, tuple[str, ...]] = {
    DRAFTED: (OFFICE_HEAD, RETURNED),
    OFFICE_HEAD: (APPROVED, RETURNED),
    APPROVED: (PUBLISHED, RETURNED),
    PUBLISHED: (WITHDRAWN,),
}


@dataclass(frozen=True)
class Publication:
    """One result on its way to the public. `head` is what lists show of it, `digest` that of the approved content.

    `approvals` hold step, by, at and what was looked for. A withdrawn one keeps its address, with the reason alone.
    """

    id: str
    round: str
    project: str
    provider: str
    result: str
    disclosure: str
    legal_basis: str
    digest: str
    drafted_at: datetime
    drafted_by: str
    head: Mapping[str, Any] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)  # node -> why its points are not shown
    state: str = DRAFTED
    approvals: tuple[Mapping[str, Any], ...] = ()
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    reason: str = ""  # of the return or the withdrawal
    version: int = 1


@dataclass(frozen=True)
class PublicationContent:
    """The canonical JSON that was drafted, approved and published; it never changes. The id is the publication's."""

    id: str
    text: str


@dataclass(frozen=True)
class Signatories:
    """Who of an organisation may sign as head of an office and as head of the unit; the id is the organisation's."""

    id: str
    office_heads: tuple[str, ...] = ()
    unit_heads: tuple[str, ...] = ()
    version: int = 1

    def of(self, state: str) -> tuple[str, ...]:
        return self.office_heads if state == OFFICE_HEAD else self.unit_heads


def moved(there: Publication, to: str, by: str, at: datetime, looked_for: Collection[str], reason: str) -> Publication:
    """The publication one step on. Who may sign was looked up before; that they are three persons is held here (O05).

    Raises Refused: state_conflict, same_person, publication_exempt, invalid.
    """
    if to not in STEPS.get(there.state, ()):
        raise Refused("state_conflict", noun="publication", state=there.state)
    if to in (OFFICE_HEAD, APPROVED):
        return _signed(there, to, by, at, looked_for)
    if to == PUBLISHED:
        if there.disclosure == EXEMPT:
            raise Refused("publication_exempt")
        return replace(there, state=to, published_at=at, version=there.version + 1)
    if not reason.strip():
        raise Refused("invalid", [Fault("reason", "empty")])
    changed = replace(there, state=to, reason=reason.strip(), version=there.version + 1)
    return replace(changed, withdrawn_at=at, withdrawn_by=by) if to == WITHDRAWN else changed


def _signed(there: Publication, to: str, by: str, at: datetime, looked_for: Collection[str]) -> Publication:
    if by in {there.drafted_by, *(str(one["by"]) for one in there.approvals)}:
        raise Refused("same_person")
    if missing := [name for name in SECRETS if name not in looked_for]:
        raise Refused("invalid", [Fault("looked_for", "not_looked_for", {"value": name}) for name in missing])
    approval = {"step": to, "by": by, "at": at, "looked_for": list(SECRETS)}
    return replace(there, state=to, approvals=(*there.approvals, approval), version=there.version + 1)


def check_basis(legal_basis: str, appealed: bool, scheme_basis: str, allowed: bool) -> None:
    """A result that a review decided is published by the measures (G58); another one only as the scheme says so.

    Raises Refused: invalid, publication_basis.
    """
    if not legal_basis.strip():
        raise Refused("invalid", [Fault("legal_basis", "empty")])
    if not appealed and not (allowed and scheme_basis.strip()):
        raise Refused("publication_basis")


def check_texts(texts: Mapping[str, str], names: Collection[str], own: Collection[str] = ()) -> None:
    """No phone or ID number and none of the `names` of scorers, workers or persons asked stands in the texts (C27).

    `own` are the names of the project, its organisations and its sites: everybody reads them, so what stands in them
    names nobody. Chinese names are looked for in every place, others as whole words. Raises
    Refused("publication_secrets") naming the places.
    """
    faults = []
    public = {word for name in own for word in _WORD.findall(_plain(name))}
    sought = {name: _of_name(name) for name in names if len(normal(name)) > 1 and _plain(name) not in public}
    for place, text in texts.items():
        if number_in(text):
            faults.append(Fault(place, "tells_number"))
        left = _without(text, own)
        faults += [
            Fault(place, "tells_person", {"value": name}) for name, found in sought.items() if found.search(left)
        ]
    if faults:
        raise Refused("publication_secrets", faults)


# Letters that are written together as words; Chinese and its neighbours are not.
_LETTER = r"[0-9a-z\u00df-\u024f\u0370-\u052f]"
_WORD = re.compile(f"{_LETTER}+")
_GAP = "\x00"  # what a name of our own leaves behind


def _of_name(name: str) -> re.Pattern[str]:
    """Where a name stands in a text: its letters whatever the spaces between, never within a longer word."""
    letters = r"\s*".join(map(re.escape, normal(name)))
    before = f"(?<!{_LETTER})" if _WORD.match(normal(name)) else ""
    after = f"(?!{_LETTER})" if _WORD.match(normal(name)[-1]) else ""
    return re.compile(before + letters + after)


def _without(text: str, own: Collection[str]) -> str:
    left = _plain(text)
    for name in sorted((name for name in own if name.strip()), key=len, reverse=True):
        left = left.replace(_plain(name), _GAP)
    return left


def _plain(text: str) -> str:
    """One form of each letter, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def normal(name: str) -> str:
    """A name as it is looked for: one form of each letter, no spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def history(publications: Sequence[Publication]) -> list[Publication]:
    """What the public may know of, the latest first: published ones, and withdrawn ones as tombstones."""
    shown = [one for one in publications if one.state in (PUBLISHED, WITHDRAWN) and one.published_at is not None]
    return sorted(shown, key=lambda one: (one.published_at or one.drafted_at, one.id), reverse=True)
