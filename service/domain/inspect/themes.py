"""What of ratings a provider may hear: a theme that many raised, never a wording; a single case only as was ticked."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from service.domain.errors import Fault, Refused

LEAST_CELL = 10  # answers behind a theme, as in releases
# A run of so many characters shared with an answer counts as its wording. Chinese says in eight what takes a line of
# Latin letters, where eight characters are a single word that anybody would use.
RUN_OF_HAN, RUN_OF_OTHERS = 8, 30
_TIMES = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}|\d{1,2}\s*月\s*\d{1,2}|\d{1,2}\s*[:：点點時时]\s*(?:\d{2}|半|钟|鐘)"
    r"|(?:上|中|下)午|星期[一二三四五六日天]|周[一二三四五六日]|週[一二三四五六日]"
    r"|(?<![a-z])(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?![a-z])",
    re.IGNORECASE,
)


def check_theme(
    title: str, text: str, behind: int, minimum: int, wordings: Iterable[str], names: Sequence[str]
) -> None:
    """Raises Refused("invalid"): fewer than `minimum` answers behind it, or a text that gives somebody away.

    `wordings` are the free texts of the campaign's answers, `names` those of its sessions. A text gives away by a time,
    the name of a session, or a run of characters that stands in an answer (design: recipients must not fear reprisal).
    """
    faults = []
    if behind < minimum:
        faults.append(Fault("responses", "too_few_behind", {"limit": minimum}))
    kept = [(field, said) for field, said in (("title", title), ("text", text))]
    runs = {field: set(_runs(said)) for field, said in kept}
    for field, said in kept:
        if found := _TIMES.search(said):
            faults.append(Fault(field, "tells_time", {"value": found.group()}))
        faults += [Fault(field, "tells_session", {"value": name}) for name in names if name and name in said]
    for wording in wordings:
        theirs = set(_runs(wording))
        for field, mine in runs.items():
            if mine & theirs and not any(fault.reason == "tells_wording" and fault.field == field for fault in faults):
                faults.append(Fault(field, "tells_wording"))
    if faults:
        raise Refused("invalid", faults)


def _runs(text: str) -> Iterator[str]:
    """Every run of characters that is long enough to be a wording; blanks and marks do not count."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
    for at in range(len(plain)):
        han = plain[at : at + RUN_OF_HAN]
        if len(han) == RUN_OF_HAN and sum(map(_is_han, han)) > RUN_OF_HAN // 2:
            yield han
        elif len(plain) >= at + RUN_OF_OTHERS:
            yield plain[at : at + RUN_OF_OTHERS]


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"
