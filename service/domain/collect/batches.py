"""What becomes of a batch after it was printed: when its codes work, voiding, and whether its slips add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from service.domain.collect.progress import MINIMUM_CELL
from service.domain.collect.tickets import SLIP, Batch
from service.domain.errors import Fault, Refused, invalid, problem
from service.domain.projects import Session

GRACE_LIMIT = 7 * 24 * 60  # minutes


def works_until(batch: Batch, session: Session | None) -> datetime | None:
    """When the codes of a batch stop: the end of its session and the grace after it. None: as long as the campaign."""
    if session is None or session.ends_at is None:
        return None
    return session.ends_at + timedelta(minutes=batch.grace_minutes)


def refusal(batch: Batch, session: Session | None, now: datetime, written_before: bool = False) -> Refused | None:
    """Why a code of this batch is turned away at `now`, if it is: batch_voided, session_not_begun or session_over.

    What was `written_before` it is typed in (paper) was given in time and typed in later, so no session stops it.
    """
    if batch.voided_at is not None:
        return Refused("batch_voided")
    if session is None or not session.timed or written_before:
        return None
    if session.starts_at is not None and now < session.starts_at:
        return Refused("session_not_begun", at=session.starts_at)
    until = works_until(batch, session)
    return Refused("session_over", at=until) if until is not None and now >= until else None


def check_session(batch: Batch, sessions: Sequence[Session]) -> None:
    """A batch is for one of its site's sessions, whose times are known, or for the site as a whole.

    Raises Refused("invalid").
    """
    faults = []
    session = next((each for each in sessions if each.id == batch.session), None)
    if batch.session and session is None:
        options = ", ".join(each.id for each in sessions) or "none: the site has no sessions"
        faults.append(Fault("session", "not_an_option", {"value": batch.session, "options": options}))
    elif session is not None and not session.timed:
        faults.append(
            problem(
                "session",
                "this session has no start and end; its codes would not know when to work. Set them at the site first",
            )
        )
    if not 0 <= batch.grace_minutes <= GRACE_LIMIT:
        faults.append(Fault("grace_minutes", "out_of_range", {"lower": 0, "upper": GRACE_LIMIT}))
    elif batch.grace_minutes and not batch.session:
        faults.append(
            problem(
                "grace_minutes",
                "only a batch of a session ends by itself; without one it works as long as the campaign",
            )
        )
    if faults:
        raise Refused("invalid", faults)


def check_replacement(batch: Batch, voided: Batch | None, others: Sequence[Batch]) -> None:
    """A replacement is for the persons of one voided batch: same place, same way, not more slips, once only.

    It adds nothing to the slips issued, so that neither voiding nor printing anew changes a response rate.
    Raises Refused("invalid").
    """
    same = ("campaign", "kind", "site", "session", "distribution", "frame")
    if voided is None or voided.voided_at is None or voided.campaign != batch.campaign:
        raise invalid("replaces", "name a batch of this campaign that has been voided")
    if differs := [name for name in same if getattr(voided, name) != getattr(batch, name)]:
        raise invalid(
            "replaces", "the voided batch was for other persons: {names} must be the same", names=", ".join(differs)
        )
    if batch.count > voided.count:
        raise invalid(
            "replaces",
            "the voided batch had {count} slips; print the others as a batch of their own",
            count=voided.count,
        )
    if any(other.replaces == voided.id for other in others):
        raise invalid("replaces", "this batch was replaced already")


@dataclass(frozen=True)
class Count:
    """What people counted of a batch: slips handed out, spoilt before anybody got them, handed out and given back."""

    handed_out: int
    spoilt: int = 0
    returned: int = 0


def check_count(batch: Batch, count: Count, used: int | None) -> None:
    """No slip is two things at once. `used`: slips used, where known. Raises Refused("invalid") naming the field."""
    faults = []
    if batch.kind != SLIP:
        faults.append(problem("handed_out", "only slips are counted; a poster serves anybody"))
    elif count.handed_out + count.spoilt > batch.count:
        text = "{given} handed out + {spoilt} spoilt are more than the {printed} printed"
        faults.append(problem("handed_out", text, given=count.handed_out, spoilt=count.spoilt, printed=batch.count))
    elif count.returned > count.handed_out:
        text = "{back} given back are more than the {given} handed out"
        faults.append(problem("returned", text, back=count.returned, given=count.handed_out))
    elif used is not None and used > count.handed_out - count.returned:
        text = "{used} were used, but only {out} handed out and not given back"
        faults.append(problem("handed_out", text, used=used, out=count.handed_out - count.returned))
    faults += [
        Fault(name, "out_of_range", {"lower": 0, "upper": batch.count})
        for name in ("handed_out", "spoilt", "returned")
        if not 0 <= getattr(count, name) <= batch.count
    ]
    if faults:
        raise Refused("invalid", faults)


@dataclass(frozen=True)
class Reconciled:
    """One batch: what became of its slips. None: not known, or not to be told; `why` says which.

    printed    = handed out + spoilt + left
    handed out = used + returned + missing
    """

    batch: Batch
    used: int | None
    why: str = ""  # of `used`: "", not_over, too_few, not_a_slip, not_counted

    @property
    def left(self) -> int | None:
        """Printed, neither handed out nor spoilt: they lie in the office."""
        if self.batch.handed_out is None:
            return None
        return self.batch.count - self.batch.handed_out - (self.batch.spoilt or 0)

    @property
    def missing(self) -> int | None:
        """Handed out and neither used nor given back. Negative: more used than handed out, so a count is wrong."""
        if self.batch.handed_out is None or self.used is None:
            return None
        return self.batch.handed_out - self.used - (self.batch.returned or 0)

    @property
    def share_used(self) -> Fraction | None:
        """Used of handed out; beside the response rate, whose denominator stays the slips issued (design §6)."""
        if not self.batch.handed_out or self.used is None:
            return None
        return Fraction(self.used, self.batch.handed_out)


def may_tell_used(batch: Batch, over: bool) -> str:
    """ "" if the number of used slips of a batch may be told, else why not.

    A number that still moves tells whoever watches it the moment at which a slip was used, and the answer that appears
    then is that person's; so it is told only when nothing can be added any more. Of a handful of slips it would tell
    who took part: they have the minimum of any published cell (design §7).
    """
    if batch.kind != SLIP:
        return "not_a_slip"
    if not over:
        return "not_over"
    return "too_few" if batch.count < MINIMUM_CELL else ""
