"""What one reader has to score in a round: the own scores, those of members on paper, institutions' signed opinions."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.domain import access
from service.domain.access import Actor
from service.domain.evaluate.judgements import DRAFT, LAPSED, RoundJudgement
from service.domain.evaluate.rounds import ENTERING, Round
from service.domain.procedure.groups import GroupMember
from service.domain.procedure.judging import Awaited, Judging
from service.domain.projects import Project
from service.operations.acts import load
from service.operations.evaluate import judgements, rounds, schemes
from service.store import records

OWN, PAPER, OPINION = "own", "paper", "opinion"
WAITING = "waiting"


@dataclass(frozen=True)
class Task:
    """One score that the reader may give. `rater` is a member of the group or the name of an institution.

    `judgement` is what the reader may see of it, `state` how far it is: waiting | draft | in | lapsed. `blind`: nobody
    sees the node's scores yet; `open`: it can be given or changed now.
    """

    node: str
    rater: str
    name: str
    kind: str
    judgement: RoundJudgement | None
    state: str
    blind: bool
    open: bool


def rounds_of(actor: Actor) -> list[Round]:
    """The rounds that still go on and whose group the actor is in, those opened last first."""
    mine = {one.round for one in records.find(GroupMember, user=actor.id) if one.active}
    going = records.find(Round, _id=tuple(sorted(mine))) if mine else []
    found = [one for one in going if one.state in ENTERING]
    return sorted(found, key=lambda one: (one.opened_at, one.id), reverse=True)


def of_round(actor: Actor, round_id: str) -> list[Task]:
    """All of this reader's, in the order of the scheme. Raises Refused as `rounds.get`."""
    there = rounds.get(actor, round_id, "scoring.read")
    owner = load(Project, there.project, "project")
    scheme, judging = schemes.parsed(there.scheme), judgements.load_judging(there)
    wanted = judgements.awaited(there, scheme)
    mine = {one.id: one for one in judgements.visible(actor, there)}
    secretary = judgements.is_secretary(actor, there.id)
    enters = access.may(actor, "rounds.write", owner.parties)
    found = []
    for node in scheme.nodes:
        if node.id not in wanted or node.id in there.references:
            continue
        one = wanted[node.id]
        raters = [*_members(actor, one, secretary), *(_institutions(one) if enters else ())]
        found += [_task(there, judging, one, mine, *rater) for rater in raters]
    return found


def _members(actor: Actor, one: Awaited, secretary: bool) -> Iterator[tuple[str, str, str]]:
    """(rater, name, kind) of the own membership, and for the secretary of those who score on paper."""
    for member in one.asked:
        if member.user == actor.id and _counts(one, member):
            yield member.id, member.name, OWN
        elif not member.user and secretary:
            yield member.id, member.name, PAPER


def _counts(one: Awaited, member: GroupMember) -> bool:
    return member.active or any(each.rater == member.id for each in one.judgements)


def _institutions(one: Awaited) -> Iterator[tuple[str, str, str]]:
    """Names on the panel; where nobody was named, those whose opinions are in, and one more that is yet to be named."""
    yield from ((name, name, OPINION) for name in one.names)
    if not one.names and not one.members:
        yield from ((each.rater, each.rater, OPINION) for each in one.judgements)
        yield "", "", OPINION


def _task(
    round: Round, judging: Judging, one: Awaited, mine: dict[str, RoundJudgement], rater: str, name: str, kind: str
) -> Task:
    given = next((each for each in one.judgements if each.rater == rater), None)
    seen = mine.get(given.id) if given else None
    state = WAITING if given is None or (given.state == DRAFT and seen is None) else given.state
    fixed = state == LAPSED or (given is not None and seen is None)
    known = bool(one.members) and not one.blind and state not in (WAITING, DRAFT) and one.node not in judging.reopened
    entering = round.state in ENTERING
    return Task(one.node, rater, name, kind, seen, state, one.blind, entering and not fixed and not known)
