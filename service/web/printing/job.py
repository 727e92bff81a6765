"""What is to be printed, all in words: independent of Flask, so that a child process can set it in type."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

SLIPS, POSTER = "slips", "poster"
LAYOUTS = (SLIPS, POSTER)


@dataclass(frozen=True)
class Words:
    """The texts of a slip or a poster in one language; empty ones are left out."""

    language: str
    title: str
    works: str  # from when until when the code works
    enter: str  # where the code is typed by hand
    once: str
    scan: str
    told: tuple[str, ...] = ()  # who asks, what for, whom to call: for the poster

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.title, self.works, self.enter, self.once, self.scan, *self.told)


@dataclass(frozen=True)
class Job:
    """A layout and everything it shows. `words`: the one or two languages, the main one first."""

    layout: str
    base_url: str
    site: str
    session: str
    words: tuple[Words, ...]
    codes: tuple[str, ...]
    font: str = ""  # the file of the setting

    @property
    def prefix(self) -> str:
        return f"{self.base_url}/s/"

    @property
    def address(self) -> str:
        return f"{self.base_url}/s".removeprefix("https://").removeprefix("http://")

    def texts(self) -> Iterator[str]:
        """All that may be printed but the codes."""
        yield from (self.site, self.session, self.address)
        for words in self.words:
            yield from words.texts

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def job_of(plain: Mapping[str, Any]) -> Job:
    words = tuple(Words(**each | {"told": tuple(each["told"])}) for each in plain["words"])
    return Job(**dict(plain) | {"words": words, "codes": tuple(plain["codes"])})
