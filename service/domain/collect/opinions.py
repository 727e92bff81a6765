"""Opinions of institutions (G29, G30): raters on a list, not a sample. One signed opinion each, the missing listed."""

import hashlib
import json
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from service.domain.collect.questionnaires import CANNOT_SAY, Questionnaire
from service.domain.collect.satisfaction import IndexMapping, linear
from service.domain.errors import Fault, Refused
from service.domain.modes import Text
from service.domain.proportions import exact
from service.domain.shapes import has_forbidden, shown, tidy

PURPOSE = "institution"  # the purpose_kind of questionnaires that institutions answer
KINDS: Mapping[str, Text] = {
    "party_government": {"zh-Hans": "党政部门", "zh-Hant": "黨政部門", "en": "Party or government body"},
    "functional": {"zh-Hans": "职能部门", "zh-Hant": "職能部門", "en": "functional department"},
    "organisation": {"zh-Hans": "有关组织", "zh-Hant": "有關組織", "en": "organisation"},
}
LIST_LIMIT = 300  # what one project has to do with; more would be a survey
NAME_LIMIT, SIGNER_LIMIT, REASON_LIMIT = 120, 80, 1000
MINIMUM = 10  # opinions, below which only the evaluator reads figures (design, section 7)
REASONS: Mapping[str, str] = {
    "raters_not_sample": "Institutions are raters on a list, not a sample: there is no sampling error to state.",
    "no_opinions": "No opinion holds a valid answer here.",
    "no_levels": "The answers of this question have no order of levels, so there is no mean.",
    "too_few": "Fewer opinions than the minimum: only the evaluator sees figures.",
    "all_alike": "All gave the same answer: a figure would tell what each of them said.",
    "not_final": "Figures are shown to others once the campaign is closed for good.",
    "item_missing": "A mean of the scale is missing; leaving it out would change the meaning of the index.",
}
"""Why a value is null: stable codes and their English text."""


@dataclass(frozen=True)
class Institution:
    """One rater. `reason` says why it was added after opinions had come in."""

    id: str
    kind: str
    name: str
    reason: str = ""


@dataclass(frozen=True)
class InstitutionList:
    """The institutions of one campaign, whose id it has. From `frozen_at`, the first opinion, nothing leaves it."""

    id: str
    entries: tuple[Mapping[str, str], ...] = ()
    frozen_at: datetime | None = None
    version: int = 0

    @cached_property
    def institutions(self) -> dict[str, Institution]:
        return {entry["id"]: Institution(**entry) for entry in self.entries}


@dataclass(frozen=True)
class Opinion:
    """One version of an institution's opinion: flat answers, who signed it, and the scan's name if there is one.

    `id` is `<campaign>/<institution>@<number>`. The highest number counts; the others are kept, each later one with
    the reason for which it took their place.
    """

    id: str
    campaign: str
    institution: str
    number: int
    answers: Mapping[str, str]
    signer: str
    office: str
    signed_on: date
    at: datetime
    by: str
    scan: str = ""
    reason: str = ""

    @property
    def content(self) -> tuple[Any, ...]:
        """What a repeat of the same request has in common with it."""
        return dict(self.answers), self.signer, self.office, self.signed_on, self.scan


@dataclass(frozen=True)
class ItemMean:
    """One item: `n` valid answers with `counts` by code; `mean` 0..100 by `mapping`, or 0..10 as it was given."""

    id: str
    n: int | None
    counts: Mapping[str, int] = field(default_factory=dict)
    cannot_say: int | None = None
    skipped: int | None = None
    mean: Decimal | None = None
    mapping: str = ""
    reason: str = ""


@dataclass(frozen=True)
class OpinionFigures:
    """Of the listed institutions of some kinds: how many opinions there are, and the mean of each item over these.

    `index` by scale: the mean of its items' means. A missing opinion is in no mean, and nothing stands in for it.
    `interval` is always None. `reasons` say why a value is null.
    """

    listed: int
    returned: int
    missing: tuple[str, ...]
    items: tuple[ItemMean, ...]
    index: Mapping[str, Decimal | None]
    digest: str
    interval: None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


def check_list(institutions: Sequence[Institution]) -> tuple[Institution, ...]:
    """The list with tidied names. Raises Refused("invalid"): kinds, empty or long names, the same one twice."""
    faults: list[Fault] = []
    if len(institutions) > LIST_LIMIT:
        raise Refused("invalid", [Fault("institutions", "too_many", {"limit": LIST_LIMIT})])
    tidied: list[Institution] = []
    ids: set[str] = set()
    names: set[str] = set()
    for place, one in enumerate(institutions):
        path = f"institutions.{place}"
        name = _line(one.name, f"{path}.name", NAME_LIMIT, faults)
        if one.kind not in KINDS:
            options = ", ".join(KINDS)
            faults.append(Fault(f"{path}.kind", "not_an_option", {"value": shown(one.kind), "options": options}))
        alike = unicodedata.normalize("NFKC", name).casefold().replace(" ", "")
        for value, seen, key in ((one.id, ids, "id"), (alike, names, "name")):
            if value and value in seen:
                faults.append(Fault(f"{path}.{key}", "duplicate", {"value": shown(getattr(one, key))}))
            seen.add(value)
        tidied.append(Institution(one.id, one.kind, name, tidy(one.reason, REASON_LIMIT)))
    if faults:
        raise Refused("invalid", faults)
    return tuple(tidied)


def check_addition(listed: InstitutionList, added: Institution) -> tuple[Institution, ...]:
    """The list with one more. Once opinions are in, that needs a reason. Raises Refused("invalid")."""
    if listed.frozen_at is not None and not added.reason.strip():
        raise Refused("invalid", [Fault("reason", "reason_needed")])
    faults: list[Fault] = []
    _line(added.reason, "reason", REASON_LIMIT, faults, needed=False)
    if faults:
        raise Refused("invalid", faults)
    try:
        return check_list((*listed.institutions.values(), added))
    except Refused as refused:
        own = [Fault(fault.field.rpartition(".")[2], fault.reason, fault.params) for fault in refused.faults]
        raise Refused("invalid", own) from None


def check_signature(opinion: Opinion, today: date) -> None:
    """A signer, an office and a day that is not to come; from the second version on a reason. Raises Refused."""
    faults: list[Fault] = []
    _line(opinion.signer, "signer", SIGNER_LIMIT, faults)
    _line(opinion.office, "office", SIGNER_LIMIT, faults)
    _line(opinion.reason, "reason", REASON_LIMIT, faults, needed=False)
    if opinion.signed_on > today:
        faults.append(Fault("signed_on", "day_to_come", {"today": today.isoformat()}))
    if opinion.number > 1 and not opinion.reason.strip():
        faults.append(Fault("reason", "reason_needed"))
    if faults:
        raise Refused("invalid", faults)


def _line(value: str, path: str, limit: int, faults: list[Fault], *, needed: bool = True) -> str:
    text = tidy(value, limit)
    if needed and not text:
        faults.append(Fault(path, "empty"))
    if len(text) > limit:
        faults.append(Fault(path, "too_long", {"limit": limit}))
    elif has_forbidden(text):
        faults.append(Fault(path, "control_characters"))
    return text


def current(opinions: Sequence[Opinion]) -> dict[str, Opinion]:
    """The opinion of each institution that counts: its last version."""
    last: dict[str, Opinion] = {}
    for opinion in sorted(opinions, key=lambda each: each.number):
        last[opinion.institution] = opinion
    return last


def figures(
    questionnaire: Questionnaire,
    listed: InstitutionList,
    opinions: Mapping[str, Opinion],
    kinds: Collection[str] = (),
    mapping: IndexMapping | None = None,
) -> OpinionFigures:
    """The figures of all institutions, or of those of some kinds. `mapping` values levels, else equal steps do."""
    asked = [one for one in listed.institutions.values() if not kinds or one.kind in kinds]
    given = [opinions[one.id] for one in asked if one.id in opinions]
    items = tuple(_item(questionnaire, id, [one.answers for one in given], mapping) for id in questionnaire.items)
    means = {item.id: item.mean for item in items}
    index = {name: _mean_of([means[id] for id in scale.items]) for name, scale in questionnaire.scales.items()}
    reasons = {"interval": "raters_not_sample"}
    reasons |= {f"index.{name}": "item_missing" for name, value in index.items() if value is None}
    missing = tuple(one.id for one in asked if one.id not in opinions)
    return OpinionFigures(len(asked), len(given), missing, items, index, _digest(asked, given), reasons=reasons)


def _item(
    questionnaire: Questionnaire, id: str, answers: Sequence[Mapping[str, str]], mapping: IndexMapping | None
) -> ItemMean:
    item = questionnaire.items[id]
    given = [each[id] for each in answers if id in each]
    counts = {code: given.count(code) for code in item.codes}
    n, silent = sum(counts.values()), given.count(CANNOT_SAY)
    values, name = _values(questionnaire, id, mapping)
    mean = (
        exact(sum((Fraction(values[code]) * k for code, k in counts.items()), Fraction()) / n) if n and values else None
    )
    reason = "" if mean is not None else "no_opinions" if values else "no_levels"
    return ItemMean(id, n, counts, silent, len(answers) - len(given), mean, name, reason)


def _values(questionnaire: Questionnaire, id: str, mapping: IndexMapping | None) -> tuple[Mapping[str, Decimal], str]:
    """What each code is worth and the name of that rule; empty where codes have no order."""
    if questionnaire.by_id[questionnaire.items[id].question].kind == "zero_to_ten":
        return {code: Decimal(code) for code in questionnaire.items[id].codes}, "0-10"
    for scale in questionnaire.scales.values():
        if id in scale.items:
            used = mapping if mapping and set(mapping.points) == set(scale.levels) else linear(scale.levels)
            return used.points, used.name
    return {}, ""


def score_figure(
    questionnaire: Questionnaire, found: OpinionFigures, scale: str, name: str, codes: Collection[str] = ()
) -> Decimal | None:
    """What a scheme calls `top3_rate`, `top2_rate`, `share` (of `codes`) or `index:<mapping>`, on 0..100.

    None where nobody gave a valid answer, or where the scale has no more levels than are asked for.
    """
    base, declared = name.partition(":")[0], questionnaire.scales[scale]
    if base == "index":
        return found.index[scale]
    best = {"top2_rate": declared.levels[-2:], "top3_rate": declared.levels[-3:], "share": tuple(codes)}[base]
    headline = next(item for item in found.items if item.id == declared.headline)
    if not headline.n or (base != "share" and len(declared.levels) <= len(best)):
        return None
    return exact(Fraction(100 * sum(headline.counts.get(code, 0) for code in set(best)), headline.n))


def kinds_of(population: str) -> tuple[str, ...]:
    """Which kinds a scheme's `population` means: all for `institutions`, one for its own name, else none."""
    return tuple(KINDS) if population == "institutions" else (population,) if population in KINDS else ()


def _mean_of(means: Sequence[Decimal | None]) -> Decimal | None:
    known = [Fraction(mean) for mean in means if mean is not None]
    return exact(sum(known, Fraction()) / len(known)) if known and len(known) == len(means) else None


def _digest(asked: Sequence[Institution], given: Sequence[Opinion]) -> str:
    """SHA-256 (hex) of the list and of every opinion that counts: what a score rests on."""
    whole = [[one.id, one.kind, one.name] for one in asked], [[one.id, dict(one.answers)] for one in given]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def for_others(whole: OpinionFigures, by_kind: Sequence[OpinionFigures], filtered: bool, final: bool) -> OpinionFigures:
    """What others than the evaluator may read of `whole`: nothing from which one institution's answer follows.

    `by_kind` are the figures of each kind, among all that the campaign has. Nothing before the campaign is final, since
    the difference of two readings is one opinion; nothing of fewer than MINIMUM; kinds apart only if none of them is
    below it, since what is left after the others is a kind too; no item that all answered alike; no counts.
    """
    hidden = "" if final else "not_final"
    if whole.returned < MINIMUM or (filtered and any(0 < each.returned < MINIMUM for each in by_kind)):
        hidden = hidden or "too_few"
    items = tuple(
        _item_for_others(item, [each.items[place] for each in by_kind] if filtered else [], hidden)
        for place, item in enumerate(whole.items)
    )
    lost = any(item.mean is None and was.mean is not None for item, was in zip(items, whole.items, strict=True))
    index = {name: None if hidden or lost else value for name, value in whole.index.items()}
    reasons = dict(whole.reasons) | {f"index.{name}": hidden or "item_missing" for name in index if index[name] is None}
    return OpinionFigures(whole.listed, whole.returned, whole.missing, items, index, "", reasons=reasons)


def _item_for_others(item: ItemMean, parts: Sequence[ItemMean], hidden: str) -> ItemMean:
    few = any(0 < (part.n or 0) < MINIMUM for part in (item, *parts))
    alike = item.n is not None and item.n > 0 and max(item.counts.values()) == item.n
    why = hidden or ("too_few" if few else "all_alike" if alike else item.reason)
    if why:
        return ItemMean(item.id, None, mapping=item.mapping, reason=why)
    return ItemMean(item.id, item.n, mean=item.mean, mapping=item.mapping)
