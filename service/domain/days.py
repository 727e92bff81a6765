"""Days on the wall: one time zone for the whole country, whatever the clock of the server says."""

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def day_of(at: datetime) -> date:
    """The calendar day of a moment (a time with its offset) where projects are."""
    return at.astimezone(CHINA).date()
