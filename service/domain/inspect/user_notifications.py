"""Users told to come and watch: at least three, drawn at random; the notice and the attendance are two facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import Fault, Refused, problem
from service.domain.shapes import has_forbidden

NEEDED = 3  # C13: "3人以上" includes three
CHANNELS = ("phone", "message", "letter", "in_person")
LONGEST = 1000  # characters of what proves it


@dataclass(frozen=True)
class UserNotification:
    """One drawn user who was told. `evidence` is what proves the notice: the call's record, a signed slip.

    `attended` is None until somebody records whether the user came; only the notice is asked for (C13).
    """

    id: str
    project: str
    draw: str
    serial: str
    channel: str
    notified_at: datetime
    evidence: str
    at: datetime
    by: str
    attended: bool | None = None
    attendance: str = ""
    attendance_by: str = ""
    version: int = 1


@dataclass(frozen=True)
class Notified:
    """How far C13 is met in a project: `notified` different users of `needed`, and how many of them came."""

    needed: int
    notified: int
    attended: int
    notifications: tuple[UserNotification, ...]

    @property
    def met(self) -> bool:
        return self.notified >= self.needed


def check(told: UserNotification) -> None:
    """Refuses (`invalid`) an unknown channel, a notice without evidence or in the future, and unfit texts."""
    faults = [*_text_faults("evidence", told.evidence)]
    if told.channel not in CHANNELS:
        shown = {"value": told.channel[:40] or "-", "options": ", ".join(CHANNELS)}
        faults.append(Fault("channel", "not_an_option", shown))
    if told.notified_at > told.at:
        faults.append(problem("notified_at", "a notice is recorded after it was given"))
    if faults:
        raise Refused("invalid", faults)


def check_attendance(evidence: str) -> None:
    """Refuses (`invalid`) attendance without a word on how it is known."""
    if faults := _text_faults("evidence", evidence):
        raise Refused("invalid", faults)


def _text_faults(field: str, text: str) -> list[Fault]:
    if not text.strip():
        return [Fault(field, "empty")]
    if len(text) > LONGEST:
        return [Fault(field, "too_long", {"limit": LONGEST})]
    return [Fault(field, "control_characters")] if has_forbidden(text) else []


def summary(told: Iterable[UserNotification]) -> Notified:
    """A user counts once, however often and from whichever draw of the same list told."""
    notices = tuple(sorted(told, key=lambda one: (one.notified_at, one.id)))
    users = {(one.draw, one.serial) for one in notices}
    came = {(one.draw, one.serial) for one in notices if one.attended}
    return Notified(NEEDED, len(users), len(came), notices)
