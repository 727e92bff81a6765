"""Tablets: a device of the evaluator that is handed from person to person at one site."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.collect.tickets import Batch
from service.domain.errors import Refused

TABLET_LIFE = timedelta(hours=12)  # one working day


@dataclass(frozen=True)
class Tablet:
    """A tablet at work. `id` is a hash of the token that the device holds; nobody is signed in on it any more."""

    id: str
    campaign: str
    site: str
    session: str
    started_at: datetime
    started_by: str
    expires_at: datetime
    ended_at: datetime | None = None
    version: int = 1

    def works(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


def check_code(tablet: Tablet, batch: Batch) -> None:
    """Raises Refused("code_elsewhere") for a code of another campaign, site or session than the tablet stands at."""
    same_session = not (tablet.session and batch.session) or tablet.session == batch.session
    if (batch.campaign, batch.site) != (tablet.campaign, tablet.site) or not same_session:
        raise Refused("code_elsewhere")
