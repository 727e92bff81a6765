"""Words and numbers of the desk: codes in the reader's language, decimals, times, remarks, arithmetic."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from service.domain.collect.questionnaires import in_language
from service.domain.collect.satisfaction import REASONS
from service.domain.collect.tallies import DURATION_EDGES
from service.domain.collect.versions import WHAT
from service.domain.estimates import comparisons, figures, trends
from service.domain.evaluate.node_scores import REMARKS, Arithmetic, Remark
from service.domain.evaluate.schemes import plain
from service.domain.modes import ASSISTANCE, DISTRIBUTIONS, MODES
from service.web.languages import spoken
from service.web.pages.desk.collect.editor_words import EDITOR_WORDS
from service.web.pages.desk.evaluate.result_words import RESULT_WORDS
from service.web.pages.desk.inspect.field_words import FIELD_WORDS
from service.web.pages.desk.inspect.visit_words import VISIT_WORDS
from service.web.pages.desk.organisation_words import ORGANISATION_WORDS
from service.web.pages.desk.procedure.case_words import CASE_WORDS
from service.web.pages.desk.procedure.district_words import DISTRICT_WORDS
from service.web.pages.desk.procedure.outcome_words import OUTCOME_WORDS
from service.web.pages.desk.procedure.round_words import ROUND_WORDS
from service.web.pages.desk.project_words import PROJECT_WORDS
from service.web.param_words import NOUNS, OTHER_STATES, words_by

CHINA = timezone(timedelta(hours=8))  # one time zone for the whole country
_ACCOUNT = re.compile(r"[0-9a-f]{16}")  # as accounts are numbered

# English source texts of codes, by family.
WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {
        "pre": "Initial evaluation",
        "mid_term": "Mid-term evaluation",
        "final": "Final evaluation",
        "re_evaluation": "Re-evaluation",
    },
    "type": {
        "composite": "Sum of its parts",
        "survey": "Survey",
        "check": "Spot check",
        "expert": "Judgement",
        "counter": "Volume",
        "ratio": "Ratio",
        "steps": "Measured value",
        "events": "Events",
        "gate": "Condition",
    },
    "input": {
        "survey": "Survey",
        "check": "Spot check",
        "judgement": "Judgement",
        "quantity": "Volume",
        "ratio": "Ratio",
        "measure": "Measured value",
        "event": "Event",
        "gate": "Finding",
        "decision": "Decision of the lead",
    },
    "state": {"draft": "Draft", "open": "Open", "closing": "Being closed", "final": "Closed, figures frozen"},
    "attribute": {"found": "Found", "complete": "Complete", "true": "True", "timely": "On time"},
    "method": {
        "document_review": "Document review",
        "interview": "Interview",
        "observation": "Observation",
        "spot_check": "Spot check",
    },
    "nature": {"process": "process", "result": "result"},
    "view": {"objective": "objective", "subjective": "subjective"},
    "object": {
        "contract performance": "contract performance",
        "goal attainment": "goal attainment",
        "social benefit": "social benefit",
        "beneficiary satisfaction": "satisfaction of beneficiaries",
    },
    "figure": {
        "top2_rate": "share in the two best levels",
        "top3_rate": "share in the three best levels",
        "share": "share of named levels",
        "index": "index",
    },
    "if_below": {
        "census": "everyone must be asked and answer",
        "not_scorable": "not scorable",
        "lead_decides": "the lead decides, with a reason",
    },
    "aggregate": {
        "mean": "mean",
        "median": "median",
        "trimmed_mean": "mean without the highest and the lowest",
        "consensus": "one score that all agree on",
    },
    "raters": {"scorers": "scorers", "institutions": "institutions, one signed opinion each"},
    "level": {"agency": "the agency as a whole", "per_worker": "average per worker"},
    "denominator": {
        "headcount": "number of workers",
        "full_time_equivalent": "full-time equivalents",
        "person_months": "person-months",
    },
    "decision": {"count": "It counts.", "not_scorable": "It is not scorable."},
    **ORGANISATION_WORDS,
    **PROJECT_WORDS,
    **RESULT_WORDS,
    "change": WHAT,
    **VISIT_WORDS,
    **CASE_WORDS,
    **DISTRICT_WORDS,
    **ROUND_WORDS,
    **EDITOR_WORDS,
    **OUTCOME_WORDS,
    # What a change is about: a field of the questionnaire, a question, a scale.
    "part": {
        "id": "name",
        "title": "title",
        "purpose": "purpose",
        "source": "source",
        "languages": "languages",
        "population": "who is asked",
        "pairs": "pairs counted together",
        "weights": "weighting variables",
        "awareness": "awareness facts",
        "passing_on": "what may be passed on",
        "help": "help question",
        "sections": "sections",
        "questions": "questions",
        "scales": "scales",
        "purpose_kind": "kind of survey",
        "items": "items",
        "headline": "headline item",
        "satisfied": "levels that count as satisfied",
        "levels": "levels",
        "cannot_say": "“cannot say” offered",
        "random_order": "random order",
        "max_length": "longest text",
        "short": "one line",
        "min": "least",
        "max": "most",
        "unit": "unit",
        "decimals": "decimal places",
        "edges": "classes for counting",
        "most": "number of places",
        "max_bytes": "largest picture",
        "shape": "picture of the levels",
        "low": "words at 0",
        "high": "words at 10",
        "exclusive": "excludes the others",
        "fixed": "keeps its place",
    },
    "answer": {"_cannot_say": "Cannot say"},
    "ticket": {"slip": "Slip (one answer)", "poster": "Poster (many answers)", "kiosk": "Tablet code (many answers)"},
    # Names in the arithmetic of a node, see service.domain.evaluate.node_scores.
    "term": {
        "errors": "errors",
        "n": "items checked",
        "error_rate": "error rate in percent",
        "zero_at": "rate that earns nothing",
        "target": "target",
        "deduction": "deduction per point below",
        "step_from": "the step begins at",
        "verified": "verified",
        "cap": "cap",
        "workers": "workers",
        "weight": "weight",
        "score": "score",
        "scores": "scores",
        "top2_rate": "share in the two best levels",
        "top3_rate": "share in the three best levels",
        "share": "share of named levels",
        "index": "index",
        "mean": "mean",
        "median": "median",
        "trimmed_mean": "mean without the highest and the lowest",
        "consensus": "one score that all agree on",
        "numerator": "numerator",
        "denominator": "denominator",
        "ratio": "ratio",
        "measured": "measured value",
        "base": "base",
        "quantity": "number of events",
        "points": "points",
        "modifiers": "additions",
        "floor": "floor",
        "met": "conditions met",
        "conditions": "conditions",
    },
    "mark": {
        "too_fast": "Too fast",
        "straight_line": "The same level all through",
        "identical_text": "The same words from several persons",
        "before_session": "Before the session",
        "night": "At night",
        "burst": "Many at once",
        "one_hour": "Nearly all within one hour",
        "staff_assisted": "Many helped by staff",
        "all_satisfied": "Everybody satisfied",
        "more_than_slips": "More answers than slips",
        "more_than_contacts": "More answers than contacts",
    },
    "verdict": {"keep": "Keep", "exclude": "Exclude"},
    **FIELD_WORDS,
    # What a refusal calls the thing that is not there, and its state.
    "noun": {name: name for name in NOUNS},
    "other_state": OTHER_STATES,
}
# Sentences within an arithmetic's line: pattern -> English source text with the groups as numbers.
PHRASES: Mapping[str, str] = {
    r"error rate (\S+) % \((\d+) of (\d+)\)": "error rate {0} % ({1} of {2})",
    r"error rate (\S+) % \(weighted by strata\)": "error rate {0} % (weighted by strata)",
    r"step from (\S+) for (\S+)": "{1} lies in the step from {0}",
    r"below (\S+) for (\S+)": "{1} lies below the first step, {0}",
    r"points of the step that holds (\S+)": "points of the step that holds {0}",
}
TEXTS_OF_CODES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "distribution": DISTRIBUTIONS,
    "mode": MODES,
    "assistance": ASSISTANCE,
}


def word(family: str, code: str) -> str:
    """A code in the reader's language; an unknown one as it is."""
    if family in TEXTS_OF_CODES:
        return local(TEXTS_OF_CODES[family].get(code, {"en": code}))
    text = WORDS[family].get(code)
    return gettext(text) if text else code


words_by(word)


def local(text: Mapping[str, str] | None) -> str:
    """A text of the data in the reader's language."""
    return in_language(dict(text or {}), spoken())


def number(value: Decimal | int | None, places: int = 2) -> Markup:
    """The number as printed, with the exact one behind it; a dash for none."""
    if value is None:
        return Markup("–")
    exact = value if isinstance(value, Decimal) else Decimal(value)
    shown = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Markup('<data value="{}">{}</data>').format(plain(exact), format(shown, "f"))


def percent(share: Decimal | Fraction | None, places: int = 1) -> Markup:
    """A fraction of 1 as a percentage."""
    if isinstance(share, Fraction):
        share = Decimal(share.numerator) / Decimal(share.denominator)
    if share is None:
        return Markup("–")
    shown = (share * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Markup('<data value="{}">{}%</data>').format(plain(share), format(shown, "f"))


def person_named(people: Mapping[str, str], id: str) -> str:
    """The name of a person whom the reader may know by name; accounts of others are told by no number of ours."""
    return people.get(id) or (gettext("somebody of another organisation") if _ACCOUNT.fullmatch(id) else id)


def moment(at: datetime) -> Markup:
    """A time of day in China, with its offset."""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    here = aware.astimezone(CHINA)
    return Markup('<time datetime="{}">{}</time>').format(here.isoformat(), here.strftime("%Y-%m-%d %H:%M +08:00"))


def hour(text: str) -> Markup:
    """An hour as it is kept of an answer, `2026-11-22T09` in UTC."""
    at = datetime.strptime(text, "%Y-%m-%dT%H").replace(tzinfo=UTC).astimezone(CHINA)
    return Markup('<time datetime="{}">{}</time>').format(
        at.isoformat(timespec="minutes"), at.strftime("%Y-%m-%d %H:–– +08:00")
    )


def duration(place: int) -> str:
    """A duration class (service.domain.collect.tallies) in seconds."""
    if not place:
        return "–"
    edges = [f"{edge} s" for edge in DURATION_EDGES]
    return f"{DURATION_EDGES[place - 1]}–{edges[place]}" if place < len(edges) else f"≥ {edges[-1]}"


WHY_NOT: Mapping[str, str] = {**trends.REASONS, **comparisons.REASONS, **figures.REASONS, **REASONS}


def reason(code: str) -> str:
    """Why a figure is null."""
    return gettext(WHY_NOT[code]) if code in WHY_NOT else code


def design(code: str) -> str:
    """How the answers of a figure came about and how they are weighted."""
    return gettext(figures.DESIGNS[code])


def limit(code: str) -> str:
    """What a figure does not cover."""
    return gettext(figures.LIMITS[code])


def remark(found: Remark) -> str:
    """A remark of the score in the reader's language."""
    return gettext(REMARKS[found.code]).format(
        **{name: _param(found.code, name, v) for name, v in found.params.items()}
    )


def _param(code: str, name: str, value: Any) -> Any:
    families = {("distribution_inadmissible", "value"): "distribution", ("mode_inadmissible", "value"): "mode"}
    families |= {(f"{name}_left_out", "value"): name for name in ("distribution", "mode", "assistance")}
    families |= {("kind_unfit", "type"): "type", ("no_workers", "denominator"): "denominator"}
    if (code, name) == ("no_figure", "reason"):
        return reason(str(value)).rstrip(".。")
    if (code, name) == ("not_verified_by_draw", "reason"):
        return word("correction", str(value))
    family = families.get((code, name))
    if family is None or not isinstance(value, str):
        return value
    return gettext(", ").join(word(family, part) for part in value.split(", "))


def formula(found: Arithmetic) -> str:
    """The formula with its names in the reader's language."""
    return _worded(found.formula)


def calculation(found: Arithmetic) -> str:
    """The formula with its numbers, in one line."""
    return _worded(found.text)


def _worded(text: str) -> str:
    for pattern, source in PHRASES.items():
        text = re.sub(pattern, lambda match, source=source: gettext(source).format(*match.groups()), text)  # type: ignore[misc]
    # ASCII: a name that stands beside Chinese characters ends there.
    return re.sub(r"[a-z]\w*", lambda match: word("term", match[0]), text, flags=re.ASCII)


def term(name: str) -> str:
    """The name of one number of an arithmetic: ours, or that of a rater or an indicator."""
    base, colon, mapping = name.partition(":")
    return word("term", base) + (f" ({mapping})" if colon else "")


HELPERS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        word, local, number, percent, moment, hour, duration, reason, design, limit, remark, formula, calculation, term,
        plain, person_named,
    )
}  # fmt: skip
