"""The evidence package of a round: everything its result follows from, part by part, for whoever recomputes it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.domain import journal as journal_rules
from service.domain.access import Actor
from service.domain.collect import tallies
from service.domain.collect.campaigns import Campaign
from service.domain.collect.questionnaires import QuestionnaireVersion
from service.domain.collect.tickets import Batch
from service.domain.errors import Refused
from service.domain.evaluate.judgements import RoundJudgement, tells_draft
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import SchemeVersion
from service.domain.journal import JournalEntry
from service.operations import projects
from service.operations.acts import load
from service.operations.collect.questionnaires import version_id
from service.operations.evaluate import result_readers, rounds
from service.operations.evaluate.result_versions import versions
from service.operations.inspect import published_draws
from service.store import journal, records
from service.store.collect import releases
from service.store.collect import seals as stored_seals

ACTION = "scores.read"
TALLY_FORMAT = "minyi-tally/1"
ROUND, JOURNAL = "round.json", "journal.jsonl"
TOLD_OF_BATCH = (
    "id",
    "campaign",
    "kind",
    "site",
    "session",
    "distribution",
    "count",
    "frame",
    "population",
    "replaces",
    "key_id",
    "created_at",
    "created_by",
)


@dataclass(frozen=True)
class Part:
    """One file of the package; `pieces` are read once, when it is written."""

    name: str
    pieces: Iterable[bytes]


def of_round(actor: Actor, id: str) -> tuple[Round, list[Part]]:
    """(the round, its parts). Evaluator only: tallies tell of few persons. Raises Refused("not_found") before a result.

    The same whenever nothing has changed. Single answers are not in it.
    """
    round = rounds.get(actor, id, ACTION)
    if not versions(id):
        raise Refused("not_found", noun="result")
    campaigns = sorted(set(round.surveys.values()))
    frozen = [one for one in campaigns if stored_seals.frozen_at(one) is not None]
    parts = [Part(ROUND, _text(result_readers.export(actor, id))), *_schemes(versions(id)[0].scheme)]
    parts += [Part(f"tallies/{one}.json", _tally(one)) for one in frozen]
    for campaign in campaigns:
        for release in releases.of_campaign(campaign):
            parts.append(Part(f"releases/{campaign}-{release.number}.json", _text(release.content)))
    for draw in sorted(set(round.checks.values())):
        parts.append(Part(f"draws/{draw}.json", _json(published_draws.of_party(actor, draw))))
    scopes = [projects.scope(round.project), *(f"campaign:{one}" for one in campaigns)]
    return round, [*parts, Part(JOURNAL, _journal(round, scopes))]


def _text(text: str) -> Iterator[bytes]:
    yield text.encode()


def _json(data: Any) -> Iterator[bytes]:
    yield json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _schemes(id: str) -> Iterator[Part]:
    """The text that was served on the provider, and those that it extends."""
    version = load(SchemeVersion, id, "scheme")
    for name, text in {version.id: version.text, **version.bases}.items():
        yield Part(f"scheme/{name}.yaml", _text(text))


def _tally(id: str) -> Iterator[bytes]:
    """The tally that was frozen, with the questions it counts and the batches behind it."""
    campaign = load(Campaign, id, "campaign")
    name = version_id(campaign.questionnaire, campaign.questionnaire_version)
    tally = stored_seals.frozen(id) or {}
    batches = [_told(batch) for batch in records.find(Batch, campaign=id)]
    yield from _json(
        {
            "format": TALLY_FORMAT,
            "campaign": id,
            "name": campaign.name,
            "questionnaire": load(QuestionnaireVersion, name, "questionnaire").definition,
            "batches": batches,
            "digest": tallies.digest(tally),
            "tally": tallies.to_plain(tally),
        }
    )


def _told(batch: Batch) -> Mapping[str, Any]:
    told = {name: getattr(batch, name) for name in TOLD_OF_BATCH}
    return {**told, "created_at": batch.created_at.isoformat()}


def _journal(round: Round, scopes: Iterable[str]) -> Iterator[bytes]:
    """Whole chains, one entry a line. What may not be told yet is taken out as a purge would: the chain still holds."""
    own = {one.id for one in records.find(RoundJudgement, round=round.id)}
    for scope in scopes:
        for entry in journal.entries(scope):
            plain = journal_rules.to_plain(_open(entry, own))
            yield json.dumps(plain, ensure_ascii=False, default=str).encode() + b"\n"


def _open(entry: JournalEntry, own: set[str]) -> JournalEntry:
    """Scores of other rounds may still be hidden from their scorers, and a draft is its writer's alone."""
    if not entry.act.startswith("judgement.") or (entry.subject in own and not tells_draft(entry)):
        return entry
    return replace(entry, salt=None, details=None)
