"""Single answers: kept until the result that rests on them is final and their term over; the frozen tally stays."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from service import store
from service.domain.collect.campaigns import Campaign
from service.domain.collect.responses import Response
from service.domain.collect.tallies import digest
from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate.rounds import Round
from service.domain.inspect.interviews import InterviewPlan
from service.domain.procedure import retention as rules
from service.domain.procedure.retention import Held
from service.domain.projects import Project
from service.operations.collect import seals
from service.operations.procedure import retained
from service.operations.procedure.retained import Terms
from service.store import records
from service.store.collect import ledger, responses
from service.store.collect import seals as stored_seals
from service.store.procedure import retention as stored


def held(owner: Project, terms: Terms, now: datetime) -> Iterator[Held]:
    """The answers of each opened campaign of the project."""
    bound = records.find(Round, project=owner.id)
    for campaign in records.find(Campaign, project=owner.id):
        frozen = stored_seals.frozen_at(campaign.id)
        mine = [round for round in bound if campaign.id in round.surveys.values()]
        start = retained.final_since(mine) if mine else day_of(frozen) if frozen else None
        kept = "" if frozen and start else "round_open" if frozen else "not_final"
        one = retained.with_term(Held(rules.RAW_ANSWERS, owner.id, campaign.id, start, None, kept=kept), terms)
        if kept or one.due_on is None or one.due_on > day_of(now):
            yield replace(one, count=_counted(campaign.id))  # nobody will delete them now: no need to read each
            continue
        count, sha256 = rules.total(_line(answer) for answer in responses.each(campaign.id))
        yield replace(one, count=count, digest=sha256)


def _counted(campaign: str) -> int:
    """How many answers a campaign has by its tallies; none before it was opened, or after they were deleted."""
    if ledger.state(campaign) is None or stored_seals.purged(campaign) is not None:
        return 0
    return sum(counts["n"] for counts in seals.read(campaign)[0].values())


def _line(one: Response) -> str:
    """An answer's random id and a digest of all that is kept of it."""
    content = [one.seal, list(one.cell), dict(one.answers), one.hour, one.duration]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return f"{one.final_id} {hashlib.sha256(text.encode()).hexdigest()}"


def begin(tx: store.Tx, one: Held, now: datetime) -> Mapping[str, Any]:
    """Nothing is deleted unless seals and answers agree to the last count. Raises Refused("purge_broken")."""
    if (there := stored_seals.purged(one.subject)) is not None:  # cut off before: go on
        return there
    if seals.recount(one.subject):
        raise Refused("purge_broken", campaign=one.subject)
    facts = {"at": now, "count": one.count, "tally": seals.sealed_digest(one.subject)}
    stored_seals.mark_purged(tx, one.subject, facts)
    return facts


def delete(one: Held, now: datetime) -> None:
    """The answers, their pictures, marks and pairs; receipts then open nothing."""
    stored.delete_answers(one.subject)
    stored.delete_pairs(plan.id for plan in records.find(InterviewPlan, campaign=one.subject))


def after(one: Held) -> str:
    """The digest of the frozen tally: what the score rests on, counted anew from what is stored."""
    return digest(stored_seals.frozen(one.subject) or {})
