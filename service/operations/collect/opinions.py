"""Opinions of institutions: the list is set, opinions are entered by the evaluator, figures say who is missing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from service import store
from service.domain.access import Actor
from service.domain.collect import opinions as rules
from service.domain.collect import scans as scan_rules
from service.domain.collect.campaigns import DRAFT, FINAL, OPEN, Campaign
from service.domain.collect.opinions import Institution, InstitutionList, Opinion, OpinionFigures
from service.domain.collect.questionnaires import Questionnaire, check_answers
from service.domain.collect.satisfaction import IndexMapping
from service.domain.collect.scans import Scan
from service.domain.errors import Fault, Refused
from service.operations import projects
from service.operations.acts import act
from service.operations.collect import campaigns
from service.operations.collect.questionnaires import of_campaign
from service.store import records
from service.store.collect import scans as stored_scans

CHINA = timezone(timedelta(hours=8))  # forms are dated by the calendar on the wall
LOOSE_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Institutions:
    """What a reader gets: the list, and its figures as far as this reader may see them."""

    campaign: Campaign
    listed: InstitutionList
    returned: Mapping[str, datetime]
    by_kind: Mapping[str, tuple[int, int]]
    figures: OpinionFigures


def set_list(
    actor: Actor, now: datetime, campaign_id: str, wanted: Sequence[Institution], version: int
) -> InstitutionList:
    """Put the whole list in place of the one that was read as `version` (0: none yet); until opinions come in."""
    campaign = _campaign(actor, campaign_id, "institutions.write")
    _refuse_state(campaign, (DRAFT, OPEN))
    there = _list(campaign.id)
    if there.version != version:
        raise Refused("stale", version=there.version)
    if there.frozen_at is not None:
        raise Refused("institutions_frozen")
    checked = rules.check_list([replace(one, reason="") for one in wanted])
    changed = replace(there, entries=tuple(map(_entry, checked)), version=version + 1)
    return _store(actor, now, campaign, changed, "institutions.listed", {"count": len(checked)})


def add(actor: Actor, now: datetime, campaign_id: str, added: Institution) -> tuple[InstitutionList, bool]:
    """One more; -> (the list, whether this call made it longer). A repeat finds itself on the list."""
    campaign = _campaign(actor, campaign_id, "institutions.write")
    _refuse_state(campaign, (DRAFT, OPEN))
    there = _list(campaign.id)
    if there.institutions.get(added.id) == added:
        return there, False
    longer = rules.check_addition(there, added)
    changed = replace(there, entries=tuple(map(_entry, longer)), version=there.version + 1)
    details = {"institution": added.id, "kind": added.kind, "reason": added.reason}
    return _store(actor, now, campaign, changed, "institution.added", details), True


def _store(
    actor: Actor, now: datetime, campaign: Campaign, changed: InstitutionList, name: str, details: Mapping[str, Any]
) -> InstitutionList:
    def write(tx: store.Tx) -> None:
        _write_list(tx, changed)

    try:
        act(name, actor, now, projects.scope(campaign.project), campaign.id, details, write)
    except records.Duplicate:  # somebody else made the first list meanwhile
        raise Refused("stale", version=_list(campaign.id).version) from None
    return changed


def _write_list(tx: store.Tx, changed: InstitutionList) -> None:
    if changed.version == 1:
        records.insert(changed, tx)
    else:
        records.replace(changed, changed.version - 1, tx)


def enter(actor: Actor, now: datetime, draft: Opinion, answers: Mapping[str, Any]) -> tuple[Opinion, bool]:
    """The opinion of an institution; -> (as stored, whether it is new).

    `draft.number` is one more than the version that was read; another one in its place needs a reason. The first
    opinion freezes the list in the same transaction, so that no list changes under an opinion.
    """
    campaign = _campaign(actor, draft.campaign, "institutions.write")
    _refuse_state(campaign, (OPEN,))
    _listed(campaign.id, draft.institution)
    today = now.astimezone(CHINA).date()
    accepted = check_answers(of_campaign(campaign.id), answers, today=today)
    there = _opinions(campaign.id, draft.institution)
    id = f"{campaign.id}/{draft.institution}@{draft.number}"
    opinion = replace(draft, id=id, answers=accepted, at=now, by=actor.id)
    opinion = replace(opinion, signer=opinion.signer.strip(), office=opinion.office.strip())
    if there and there[-1].number == opinion.number and there[-1].content == opinion.content:
        return there[-1], False
    if len(there) != opinion.number - 1:
        raise Refused("stale", version=len(there))
    rules.check_signature(opinion, today)
    if opinion.scan and records.get(Scan, _scan_id(campaign.id, draft.institution, opinion.scan)) is None:
        raise Refused("not_found", noun="scan")
    _insert(actor, now, campaign, opinion)
    _forget_loose(campaign.id, opinion.institution, actor, now)
    return opinion, True


def _insert(actor: Actor, now: datetime, campaign: Campaign, opinion: Opinion) -> None:
    def write(tx: store.Tx) -> None:
        there = records.get(InstitutionList, campaign.id, tx)
        if there is None or opinion.institution not in there.institutions:
            raise Refused("not_found", noun="institution")
        if there.frozen_at is None:
            _write_list(tx, replace(there, frozen_at=now, version=there.version + 1))
        records.insert(opinion, tx)

    # Answers and names of signers stay out of the journal: others read it too, and it is kept longer.
    details = {"campaign": campaign.id, "institution": opinion.institution, "number": opinion.number}
    details |= {"reason": opinion.reason, "scan": opinion.scan}
    name = "opinion.entered" if opinion.number == 1 else "opinion.replaced"
    try:
        act(name, actor, now, projects.scope(campaign.project), opinion.id, details, write)
    except records.Duplicate:
        raise Refused("stale", version=opinion.number) from None


def opinions(actor: Actor, campaign_id: str, institution: str) -> list[Opinion]:
    """All versions of one institution's opinion, the first one first; for the evaluator only."""
    campaign = _campaign(actor, campaign_id, "opinions.read")
    _listed(campaign.id, institution)
    return _opinions(campaign.id, institution)


def read(actor: Actor, campaign_id: str, kinds: Sequence[str] = ()) -> Institutions:
    """The list, who has answered and who is missing, and the figures that this reader may see."""
    campaign = _campaign(actor, campaign_id, "institutions.read")
    for kind in kinds:
        if kind not in rules.KINDS:
            options = ", ".join(rules.KINDS)
            raise Refused("invalid", [Fault("kind", "not_an_option", {"value": kind[:40], "options": options})])
    questionnaire, listed, given = of_campaign(campaign.id), _list(campaign.id), current(campaign.id)
    whole = rules.figures(questionnaire, listed, given, kinds)
    by_kind = {kind: rules.figures(questionnaire, listed, given, (kind,)) for kind in rules.KINDS}
    if not _is_evaluator(actor, campaign):
        final = campaigns.state(campaign.id) == FINAL
        whole = rules.for_others(whole, list(by_kind.values()), bool(kinds), final)
    counts = {kind: (each.listed, each.returned) for kind, each in by_kind.items()}
    return Institutions(campaign, listed, {id: one.at for id, one in given.items()}, counts, whole)


def figures(campaign: str, kinds: Sequence[str], mapping: IndexMapping | None) -> OpinionFigures:
    """All figures, for a score; who may see them was decided by whoever asks."""
    return rules.figures(of_campaign(campaign), _list(campaign), current(campaign), kinds, mapping)


def current(campaign: str) -> dict[str, Opinion]:
    return rules.current(records.find(Opinion, campaign=campaign))


def add_scan(actor: Actor, now: datetime, campaign_id: str, institution: str, data: bytes) -> Scan:
    """Keep a scan until an opinion names it. Another one of the actor's that no opinion named by then is removed."""
    campaign = _campaign(actor, campaign_id, "institutions.write")
    _refuse_state(campaign, (OPEN,))
    _listed(campaign.id, institution)
    kind, digest = scan_rules.kind_of(data), hashlib.sha256(data).hexdigest()
    name = digest[:32]
    id = _scan_id(campaign.id, institution, name)
    scan = Scan(id, campaign.id, institution, name, kind, len(data), digest, now, actor.id)
    _forget_loose(campaign.id, institution, actor, now, but=name)
    stored_scans.write(scan, data)
    return scan


def scan(actor: Actor, campaign_id: str, institution: str, name: str) -> tuple[Scan, bytes]:
    """A stored scan with its bytes; for the evaluator only."""
    campaign = _campaign(actor, campaign_id, "opinions.read")
    found = records.get(Scan, _scan_id(campaign.id, institution, name))
    if found is None:
        raise Refused("not_found", noun="scan")
    return found, stored_scans.read(found)


def _forget_loose(campaign: str, institution: str, actor: Actor, now: datetime, but: str = "") -> None:
    """Remove scans that no version of the opinion names: half-done uploads must not pile up.

    A fresh one of somebody else is left alone: that opinion may be on its way, and would name what is gone.
    """
    named = {each.scan for each in _opinions(campaign, institution)} | {but}
    for each in records.find(Scan, campaign=campaign, institution=institution):
        if each.name not in named and (each.by == actor.id or now - each.at > LOOSE_FOR):
            stored_scans.remove(each)


def questionnaire_of(actor: Actor, campaign_id: str) -> Questionnaire:
    """The form that the institutions of this campaign answer."""
    return of_campaign(_campaign(actor, campaign_id, "opinions.read").id)


def _campaign(actor: Actor, id: str, action: str) -> Campaign:
    """A campaign whose questionnaire is meant for institutions; persons' campaigns have no such list."""
    campaign = campaigns.get(actor, id, action)
    if of_campaign(campaign.id).purpose_kind != rules.PURPOSE:
        raise Refused("not_for_institutions")
    return campaign


def _is_evaluator(actor: Actor, campaign: Campaign) -> bool:
    try:
        campaigns.get(actor, campaign.id, "opinions.read")
    except Refused:
        return False
    return True


def _refuse_state(campaign: Campaign, allowed: Sequence[str]) -> None:
    state = campaigns.state(campaign.id)
    if state not in allowed:
        raise Refused("state_conflict", noun="campaign", state=state)


def _list(campaign: str) -> InstitutionList:
    return records.get(InstitutionList, campaign) or InstitutionList(campaign)


def _listed(campaign: str, institution: str) -> Institution:
    found = _list(campaign).institutions.get(institution)
    if found is None:
        raise Refused("not_found", noun="institution")
    return found


def _opinions(campaign: str, institution: str) -> list[Opinion]:
    found = records.find(Opinion, campaign=campaign, institution=institution)
    return sorted(found, key=lambda each: each.number)


def _scan_id(campaign: str, institution: str, name: str) -> str:
    return f"{campaign}/{institution}/{name}"


def _entry(one: Institution) -> dict[str, str]:
    return {name: value for name, value in vars(one).items() if value}
