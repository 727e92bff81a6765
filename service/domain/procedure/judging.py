"""How the group scores: who is asked for which indicator, and until when each indicator's scores stay hidden.

A scorer who knows the others' scores moves towards them, so nobody sees any before everybody who was asked has given
one or was lapsed by the lead, and before as many are in as the scheme wants at least.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.evaluate.judgements import DRAFT, IN, LAPSED, RoundJudgement
from service.domain.evaluate.schemes import Expert, Scheme
from service.domain.procedure.groups import SCORER, GroupMember, Person, check_reason, same_person

SCORERS = "scorers"
MOST_REASON = 4000


@dataclass(frozen=True)
class Judging:
    """What the lead sets for a round's scoring (its id is the round's).

    `due_on` is the last day for scores; who is silent after it may be lapsed. `reopened` holds the nodes that may be
    changed although their scores are known: node -> reason, at, by.
    """

    id: str
    due_on: date | None = None
    reopened: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    set_at: datetime | None = None
    set_by: str = ""
    version: int = 1


@dataclass(frozen=True)
class Awaited:
    """One node with those who are asked for it: members of the group, or names on its panel, which hide nothing."""

    node: str
    members: tuple[GroupMember, ...] = ()
    names: tuple[str, ...] = ()
    quorum: int = 1
    judgements: tuple[RoundJudgement, ...] = ()

    @property
    def unblinded_at(self) -> datetime | None:
        """The moment from which everybody may see the scores; None while they are hidden."""
        return unblinded_at(self.members, self.judgements, self.quorum)

    @property
    def blind(self) -> bool:
        return bool(self.members) and self.unblinded_at is None

    @property
    def asked(self) -> tuple[GroupMember, ...]:
        """The members who are to score: appointed before the scores were known, and not gone without one."""
        known = self.unblinded_at
        done = {one.rater for one in self.judgements if one.state in (IN, LAPSED)}
        return tuple(
            one
            for one in self.members
            if (one.active or one.id in done) and (known is None or _before(one.appointed_at, known))
        )

    @property
    def raters(self) -> tuple[str, ...]:
        """Everybody whose score counts or is waited for; the lapsed are none of them."""
        lapsed = {one.rater for one in self.judgements if one.state == LAPSED}
        every = (*self.names, *(one.id for one in self.asked))
        return tuple(dict.fromkeys(rater for rater in every if rater not in lapsed))

    @property
    def waiting(self) -> tuple[str, ...]:
        """Those who were asked and have neither scored nor been lapsed."""
        given = {one.rater for one in self.judgements if one.state == IN}
        return tuple(rater for rater in self.raters if rater not in given)

    @property
    def given(self) -> int:
        return sum(one.state == IN for one in self.judgements)


def _before(appointed: datetime | None, moment: datetime) -> bool:
    return appointed is not None and appointed <= moment


def awaited(
    scheme: Scheme,
    panels: Mapping[str, Sequence[str]],
    members: Sequence[GroupMember],
    judgements: Iterable[RoundJudgement],
) -> dict[str, Awaited]:
    """Node -> who is asked, of all nodes that people judge.

    A panel that is bound to a node says who; each of its entries is a member's id or a name. Else every scorer of the
    group is asked, except for the signed opinions of institutions.
    """
    by_node: dict[str, list[RoundJudgement]] = {}
    for one in judgements:
        by_node.setdefault(one.node, []).append(one)
    found = {}
    for node in scheme.nodes:
        if isinstance(node.spec, Expert):
            panel = tuple(panels.get(node.id, ()))
            given = tuple(by_node.get(node.id, ()))
            group = _once_each(_asked_of(node.id, node.spec, panel, members), given)
            ids = {one.id for one in group}
            names = tuple(name for name in panel if name not in ids)
            least = quorum(scheme, node.spec)
            found[node.id] = Awaited(node.id, group, names, least, given)
    return found


def _asked_of(node: str, spec: Expert, panel: Sequence[str], members: Sequence[GroupMember]) -> tuple[GroupMember, ...]:
    if panel:
        return tuple(one for one in members if one.id in panel and SCORER in one.roles)
    if spec.raters != SCORERS:
        return ()
    return tuple(one for one in members if SCORER in one.roles and (not one.nodes or node in one.nodes))


def _once_each(group: tuple[GroupMember, ...], given: Sequence[RoundJudgement]) -> tuple[GroupMember, ...]:
    """Without those who come back to the group under a new entry and have scored, or were lapsed, under the old one."""
    done = {one.rater for one in given if one.state in (IN, LAPSED)}
    before = [Person(one.user, one.name) for one in group if one.id in done]
    return tuple(
        one
        for one in group
        if one.id in done or not any(same_person(Person(one.user, one.name), each) for each in before)
    )


def quorum(scheme: Scheme, spec: Expert) -> int:
    """How many scores a node needs at least: what the node says, or the scheme's parameter if that is more."""
    return max(spec.min_raters, int(scheme.parameter("quorum")))


def unblinded_at(members: Sequence[GroupMember], judgements: Iterable[RoundJudgement], least: int) -> datetime | None:
    """The first moment at which nobody was waited for any more and `least` scores were in; None if there was none.

    It follows from the records alone: who was appointed later cannot hide again what was seen, and nobody who could
    have seen it is asked.
    """
    ended = [one for one in judgements if one.state in (IN, LAPSED)]
    moments = sorted({one.at for one in ended} | {one.left_at for one in members if one.left_at is not None})
    for moment in moments:
        done = [one for one in ended if one.at <= moment]
        awaited_then = {
            one.id
            for one in members
            if _before(one.appointed_at, moment) and (one.left_at is None or one.left_at > moment)
        }
        if sum(one.state == IN for one in done) >= least and awaited_then <= {one.rater for one in done}:
            return moment
    return None


def check_score(scheme: Scheme, judgement: RoundJudgement) -> None:
    """A member's score has its reason, and at either end of the scale a longer one or a paper (parameters).

    Raises Refused("invalid").
    """
    share, length = scheme.parameter("extreme_share"), int(scheme.parameter("extreme_reason_length"))
    said = judgement.reason.strip()
    if not said:
        raise Refused("invalid", [Fault("reason", "empty")])
    if len(said) > MOST_REASON:
        raise Refused("invalid", [Fault("reason", "too_long", {"limit": MOST_REASON})])
    score = judgement.score
    if score is not None and not share < score < Decimal(100) - share:
        if len(said) < length and not judgement.papers:
            params = {"share": share, "limit": length}
            raise Refused("invalid", [Fault("reason", "extreme_reason", params)])


def check_asked(awaited: Awaited, rater: str) -> GroupMember | None:
    """The member who is asked under this id, None for a name on the panel. Raises Refused.

    Refused: not_asked, member_left, node_unblinded (appointed after the scores were known), judgement_twice,
    judgement_lapsed.
    """
    for one in awaited.judgements:
        if one.rater == rater and one.state in (IN, LAPSED):
            raise Refused("judgement_lapsed" if one.state == LAPSED else "judgement_twice", node=awaited.node)
    if rater in awaited.names:
        return None
    member = next((one for one in awaited.members if one.id == rater), None)
    if member is None:
        raise Refused("not_asked", node=awaited.node)
    if not member.active:
        raise Refused("member_left", name=member.name)
    if member not in awaited.asked:
        raise Refused("node_unblinded", node=awaited.node)
    return member


def check_change(judging: Judging, awaited: Awaited, judgement: RoundJudgement, reason: str) -> str:
    """A draft changes freely; what is in, with a reason and before the scores are known, or on a reopened node.

    Raises Refused: state_conflict, judgement_seen, invalid.
    """
    if judgement.state == LAPSED:
        raise Refused("state_conflict", noun="judgement", state=LAPSED)
    if judgement.state == DRAFT:
        return ""
    if awaited.members and not awaited.blind and judgement.node not in judging.reopened:
        raise Refused("judgement_seen", node=judgement.node)
    return check_reason(reason) if reason.strip() else _reason_missing()


def _reason_missing() -> str:
    raise Refused("invalid", [Fault("change_reason", "change_reason_missing")])


def check_lapse(judging: Judging, awaited: Awaited, rater: str, today: date, reason: str) -> str:
    """Somebody who was asked is silent after the last day. Raises Refused: lapse_early, not_asked, invalid."""
    if rater not in awaited.waiting:
        raise Refused("not_asked", node=awaited.node)
    if judging.due_on is None:
        raise Refused("invalid", [Fault("due_on", "judging_without_day")])
    if today <= judging.due_on:
        raise Refused("lapse_early", on=judging.due_on.isoformat())
    return check_reason(reason)


def check_due(there: Judging | None, due_on: date, today: date) -> None:
    """A day that is not over; one that was set is never moved forward. Raises Refused("invalid")."""
    if due_on < today:
        raise Refused("invalid", [Fault("due_on", "day_over", {"today": today.isoformat()})])
    if there is not None and there.due_on is not None and due_on < there.due_on:
        raise Refused("invalid", [Fault("due_on", "never_shortened", {"on": there.due_on.isoformat()})])
