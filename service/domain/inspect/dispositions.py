"""Dispositions of interviews: how each try ended, as AAPOR's Standard Definitions sort it, and the response rates."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from service.domain.proportions import aapor

GROUPS: Final = ("I", "P", "R", "NC", "O", "UH", "UO", "NE")
"""Complete, partial, refused, not reached, other; eligibility unknown (two kinds); not eligible."""


@dataclass(frozen=True)
class Disposition:
    """`aapor` is the code in AAPOR's list; `closes`: final. `reached`: somebody was spoken to. `by_answers`: found
    from what was answered, never chosen by hand."""

    code: str
    aapor: str
    group: str
    closes: bool = True
    reached: bool = True
    by_answers: bool = False


DISPOSITIONS: Final[Mapping[str, Disposition]] = {
    each.code: each
    for each in (
        # Tries that leave the person open.
        Disposition("no_answer", "3.13", "UH", closes=False, reached=False),
        Disposition("busy", "3.12", "UH", closes=False, reached=False),
        Disposition("machine", "3.14", "UH", closes=False, reached=False),
        Disposition("not_at_home", "2.20", "UH", closes=False, reached=False),
        Disposition("call_back", "2.20", "UH", closes=False),
        # How an interview ends.
        Disposition("complete", "1.10", "I", by_answers=True),
        Disposition("partial", "1.20", "P", by_answers=True),
        Disposition("break_off", "2.12", "R"),
        Disposition("refused", "2.11", "R"),
        Disposition("not_reached", "2.20", "NC", reached=False),
        Disposition("dead", "2.31", "O"),
        Disposition("unable", "2.32", "O"),
        Disposition("language", "2.33", "O"),
        Disposition("other", "2.36", "O"),
        Disposition("number_dead", "3.90", "UO", reached=False),
        Disposition("wrong_person", "3.90", "UO"),
        Disposition("never_served", "4.70", "NE"),
        Disposition("service_unknown", "4.70", "NE"),
        Disposition("staff_number", "4.70", "NE"),
    )
}
"""A member of a frozen list of recipients is taken for eligible (so "not reached" is NC, not unknown) until the person
says otherwise. Whose number is dead or somebody else's may be eligible or not: UO."""

NOT_TRIED: Final = "not_tried"
EFFECTIVE: Final = "complete"
FAILURES: Final = ("never_served", "service_unknown", "staff_number", "wrong_person", "number_dead")
"""What a scheme may count as a failure of the record (G35); the first three do by default."""


@dataclass(frozen=True)
class Rates:
    """Persons by group, e, and RR1 to RR6. `interim`: somebody is still open and counted as of unknown eligibility."""

    counts: Mapping[str, int]
    eligible_share: Fraction | None
    rates: Mapping[str, Decimal | None]
    interim: bool


def rates(endings: Iterable[str]) -> Rates:
    """Response rates from one ending a person: a code of DISPOSITIONS, or NOT_TRIED.

    e is the share of eligible persons among those resolved (the "proportional allocation" of AAPOR's Standard
    Definitions); 1 while nobody is resolved. KeyError for another code.
    """
    ended = list(endings)
    found = Counter("UH" if code == NOT_TRIED else DISPOSITIONS[code].group for code in ended)
    counts = {group: found[group] for group in GROUPS}
    eligible = sum(counts[group] for group in ("I", "P", "R", "NC", "O"))
    resolved = eligible + counts["NE"]
    share = Fraction(eligible, resolved) if resolved else None
    asked = {group: counts[group] for group in GROUPS if group != "NE"}
    open_ones = any(code == NOT_TRIED or not DISPOSITIONS[code].closes for code in ended)
    return Rates(counts, share, aapor(**asked, e=1 if share is None else share), open_ones)
