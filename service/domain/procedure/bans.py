"""Bans: an organisation that may not take over services bought by government, for a time (G61) or for ever (G63)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.errors import Refused


@dataclass(frozen=True)
class Ban:
    """From `from_on` to `to_on`, both included; without `to_on` it is for ever. `document` is the decision's number.

    `lifted_on` is the first day on which it holds no more, because a later decision took it back.
    """

    id: str
    organisation: str
    round: str
    project: str
    decision: str
    document: str
    reason: str
    from_on: date
    decided_at: datetime
    decided_by: str
    to_on: date | None = None
    lifted_on: date | None = None
    lifted_reason: str = ""
    version: int = 1

    def holds(self, on: date) -> bool:
        """Whether the organisation is barred on this day."""
        ended = (self.to_on is not None and on > self.to_on) or (self.lifted_on is not None and on >= self.lifted_on)
        return on >= self.from_on and not ended


def refuse_barred(bans: Sequence[Ban], on: date, name: str = "") -> None:
    """Nobody barred takes over a project; `name` is what the organisation is called.

    Raises Refused: provider_disqualified, provider_banned; they say why.
    """
    holding = [ban for ban in bans if ban.holds(on)]
    for ban in holding:
        if ban.to_on is None:
            raise Refused("provider_disqualified", organisation=name or ban.organisation, document=ban.document)
    if holding:
        last = max(holding, key=lambda ban: ban.to_on or date.max)
        until = str(last.to_on)
        raise Refused("provider_banned", organisation=name or last.organisation, document=last.document, until=until)
