"""What the phone page says about a question besides its label: how to answer it, and what is wrong with an answer."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from service.domain.collect.questionnaires import in_language
from service.domain.collect.questions import Question
from service.domain.errors import Fault
from service.web.errors import fault_text
from service.web.languages import spoken

# Faults that a person can mend as they are worded. The others come from forms that somebody has changed.
_PLAIN = frozenset(
    {
        "required",
        "too_long",
        "nothing_answered",
        "too_many_chosen",
        "too_few_chosen",
        "exclusive",
        "not_a_number",
        "too_many_decimals",
        "not_a_date",
        "out_of_range",
        "below",
        "above",
        "no_such_picture",
        "picture_unreadable",
        "picture_too_large",
        "pictures_spent",
    }
)


def how_to(question: Question) -> str:
    """How to answer, in a line; empty where the options say it all."""
    found = _HOW_TO.get(question.kind)
    return found(question) if found else ""


def _several(question: Question) -> str:
    least, most = question.min, question.max
    if most is None:
        return gettext("You may choose several.")
    if least and least == most:
        return gettext("Choose %(number)s.", number=most)
    if least:
        return gettext("Choose %(least)s to %(most)s.", least=least, most=most)
    return gettext("Choose at most %(number)s.", number=most)


def _limits(question: Question) -> str:
    low, high = question.min, question.max
    if low is not None and high is not None:
        return gettext("From %(low)s to %(high)s.", low=low, high=high)
    if low is not None:
        return gettext("%(low)s or more.", low=low)
    return gettext("At most %(high)s.", high=high) if high is not None else ""


def _number(question: Question) -> str:
    return _limits(question)


def _date(question: Question) -> str:
    low, high = question.min, question.max
    example = gettext("Year, month, day, such as 2026-05-01.")
    if low is None and high is None:
        return example
    if low is not None and high is not None:
        return f"{example} {gettext('From %(low)s to %(high)s.', low=low, high=high)}"
    if low is not None:
        return f"{example} {gettext('Not before %(day)s.', day=low)}"
    return f"{example} {gettext('Not after %(day)s.', day=high)}"


def _ends(question: Question) -> str:
    low, high = in_language(question.low, spoken()), in_language(question.high, spoken())
    return gettext("0: %(low)s. 10: %(high)s.", low=low, high=high)


def _rank(question: Question) -> str:
    return gettext("Choose what comes first, then what comes second, and so on. Each only once.")


def _text(question: Question) -> str:
    return gettext("At most %(limit)s characters.", limit=question.max_length)


def _photo(question: Question) -> str:
    size = f"{question.max_bytes / 1_000_000:.1f}".removesuffix(".0")
    return gettext("At most %(size)s MB. Where and when it was taken is removed from the picture.", size=size)


_HOW_TO: Mapping[str, Callable[[Question], str]] = {
    "multiple": _several,
    "zero_to_ten": _ends,
    "number": _number,
    "date": _date,
    "rank": _rank,
    "text": _text,
    "photo": _photo,
}


def what_is_wrong(question: Question | None, fault: Fault, both: bool = False) -> str:
    """The fault in words that lead to its remedy. `both`: an answer and “cannot say” as well."""
    if both:
        return gettext("You have answered, and also chosen “Cannot say”. Please keep only one of them.")
    if fault.reason == "control_characters":
        return gettext("The text held invisible characters. They have been removed. Please check it and send it again.")
    if question is not None and (text := _of_kind(question, fault)):
        return text
    if fault.reason in _PLAIN:
        return fault_text(fault)
    if fault.field.startswith("answers."):
        return gettext("Please choose one of the answers shown.")
    return gettext("The page was no longer complete. Please send it once more.")


def _of_kind(question: Question, fault: Fault) -> str:
    """Where the fault is worded for programs, or the questionnaire has words of its own."""
    if fault.reason == "constraint" and question.constraint:
        return in_language(question.constraint.message, spoken())
    if fault.reason == "exclusive":
        options: Any = {option.code: option.label for option in question.options}
        label = in_language(options.get(fault.params.get("value"), {}), spoken())
        return gettext("“%(option)s” can only be chosen by itself.", option=label)
    if fault.reason == "too_many_decimals" and not question.decimals:
        return gettext("Please enter a whole number.")
    if question.kind == "rank" and fault.reason in ("not_an_option", "duplicate"):
        return gettext("Please fill the places from the first on, and choose each only once.")
    return ""
