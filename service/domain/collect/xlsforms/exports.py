"""Writing a questionnaire as a workbook that any reader of XLSForms takes, and that reads back as the same."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from service.domain.collect.expression_tree import references
from service.domain.collect.expressions import parse_expression
from service.domain.collect.questionnaires import Questionnaire, to_plain
from service.domain.collect.questions import CANNOT_SAY
from service.domain.collect.xlsforms import extras
from service.domain.collect.xlsforms.entries import SCALE
from service.domain.collect.xlsforms.imports import MADE_UP, native
from service.domain.collect.xlsforms.naming import question_name, row_name, section_name
from service.domain.collect.xlsforms.sheets import CHOICES, SETTINGS, SURVEY, Sheet, language_name
from service.domain.collect.xlsforms.texts import CANNOT_SAY_WORDS, pipes, replaced
from service.domain.collect.xlsforms.xpath_writing import to_xpath
from service.domain.modes import Text

Plain = Mapping[str, Any]
Cells = dict[str, str]
_PHOTO: Final = "max-pixels=1600"
_SIMPLE: Final = {"date": "date", "photo": "image", "note": "note"}
_ONE_OF: Final = frozenset({"single", "rating"})  # kinds whose answer is the name of one choice


def write(questionnaire: Questionnaire) -> list[Sheet]:
    """The sheets survey, choices and settings, and `minyi` with what they cannot say.

    `read(write(q))` gives q's definition again. Cells are texts; none is meant as a formula.
    """
    plain = to_plain(questionnaire)
    sheets = _Writer(questionnaire, plain).sheets()
    return [*sheets, extras.difference(plain, native(sheets), MADE_UP)]


class _Writer:
    def __init__(self, questionnaire: Questionnaire, plain: Plain) -> None:
        self.plain = plain
        self.known = dict(pair for question in questionnaire.questions for pair in references(question))
        self.languages: list[str] = plain["languages"]
        self.questions: Sequence[Plain] = plain["questions"]
        self.kinds = {question["id"]: question["kind"] for question in self.questions}
        self.names = self._names()
        self.piped = self._piped()
        self.choices: list[Cells] = []
        self._lists: dict[str, str] = {}

    def _names(self) -> dict[str, str]:
        """Of each question and row, as expressions call it, the name in the workbook."""
        names = {}
        for question in self.questions:
            names[question["id"]] = question_name(question["id"])
            for row in question.get("rows", ()):
                names[f"{question['id']}/{row['id']}"] = row_name(question_name(question["id"]), row["id"])
        return names

    def _piped(self) -> dict[str, str]:
        """For what labels put in by its option's label, the name of a calculation that holds that label."""
        found = dict.fromkeys(name for text in _texts(self.plain) for name in pipes(text))
        taken = set(self.names.values())
        piped = {}
        for name in found:
            if self.kinds.get(name) in _ONE_OF or "/" in name:
                label = f"{self.names.get(name, name)}__label"
                while label in taken:
                    label += "_"
                taken.add(label)
                piped[name] = label
        return piped

    def sheets(self) -> list[Sheet]:
        rows = list(self._survey())
        return [
            _sheet(SURVEY, rows, self._survey_header()),
            _sheet(CHOICES, self.choices, ["list_name", "name", *self._in_languages("label")]),
            _sheet(SETTINGS, [self._settings()], ["form_title", "form_id", "version", "default_language"]),
        ]

    def _survey_header(self) -> list[str]:
        texts = [self._in_languages(base) for base in ("label", "hint", "constraint_message")]
        return [
            *("type", "name", *texts[0], *texts[1], "required", "relevant", "constraint", *texts[2]),
            *("appearance", "parameters", "calculation"),
        ]

    def _settings(self) -> Cells:
        first = self.languages[0]
        return {
            "form_title": self.plain["title"][first],
            "form_id": self.plain["id"],
            "version": str(self.plain["version"]),
            "default_language": language_name(first),
        }

    def _in_languages(self, base: str) -> list[str]:
        return [f"{base}::{language_name(language)}" for language in self.languages]

    def _text(self, base: str, text: Text | None) -> Cells:
        """The text in the columns of its languages, with what it puts in under the workbook's names."""
        if not text:
            return {}
        named = replaced(text, lambda name: f"${{{self.piped.get(name) or self.names.get(name, name)}}}")
        return {f"{base}::{language_name(language)}": line for language, line in named.items()}

    def _xpath(self, expression: str, own: str = "") -> str:
        """`own` is the question that `.` stands for."""
        known = {**self.known, ".": self.known[own]} if own else self.known
        return to_xpath(parse_expression(expression, known), self.names)

    # The sheet survey

    def _survey(self) -> Iterator[Cells]:
        by_id = {question["id"]: question for question in self.questions}
        taken = set(self.names.values())
        for section in self.plain.get("sections", ()):
            yield {
                "type": "begin_group",
                "name": section_name(section["id"], taken),
                "appearance": "field-list",
                **self._text("label", section.get("title")),
                **self._when(section),
            }
            for id in section["questions"]:
                yield from self._question(by_id[id])
            yield {"type": "end_group"}
        if not self.plain.get("sections"):
            for question in self.questions:
                yield from self._question(question)

    def _when(self, plain: Plain) -> Cells:
        return {"relevant": self._xpath(plain["when"])} if "when" in plain else {}

    def _question(self, question: Plain) -> Iterator[Cells]:
        common = {
            "name": self.names[question["id"]],
            **self._text("label", question["label"]),
            **self._text("hint", _hint(question)),
            **self._when(question),
        }
        if question["kind"] == "matrix":
            yield from self._matrix(question, common)
        else:
            required = {"required": "yes"} if question.get("required") else {}
            yield {**common, **required, **self._kind(question), **self._constraint(question)}
        for name, label in self.piped.items():
            if name.partition("/")[0] == question["id"]:
                written = f"${{{self.names[name]}}}"
                yield {
                    "type": "calculate",
                    "name": label,
                    "calculation": f"jr:choice-name({written}, '{written}')",
                }

    def _matrix(self, question: Plain, common: Cells) -> Iterator[Cells]:
        choices = self._list(question, question["options"])
        yield {"type": "begin_group", **common, "appearance": "table-list"}
        for row in question["rows"]:
            yield {
                "type": f"select_one {choices}",
                "name": self.names[f"{question['id']}/{row['id']}"],
                **self._text("label", row["label"]),
                **({"required": "yes"} if question.get("required") else {}),
            }
        yield {"type": "end_group"}

    def _kind(self, question: Plain) -> Cells:
        kind = question["kind"]
        match kind:
            case "single" | "multiple" | "rank" | "rating":
                word = {"multiple": "select_multiple", "rank": "rank"}.get(kind, "select_one")
                cells = {"type": f"{word} {self._list(question, question['options'])}"}
                shuffled = question.get("random_order") and not any("fixed" in each for each in question["options"])
                cells |= {"parameters": "randomize=true"} if shuffled else {}
                return cells | ({"appearance": "likert"} if kind == "rating" else {})
            case "zero_to_ten":
                return self._scale(question)
            case "number":
                return {"type": "decimal" if question.get("decimals") else "integer"}
            case "text":
                return {"type": "text"} | ({} if question.get("short") else {"appearance": "multiline"})
        return {"type": _SIMPLE[kind]} | ({"parameters": _PHOTO} if kind == "photo" else {})

    def _scale(self, question: Plain) -> Cells:
        """A slider with words at its ends; where one may say nothing, a list, for a slider has no place for that."""
        low, high = question["low"], question["high"]
        if not question.get("cannot_say"):
            ends = [{"code": SCALE[0], "label": low}, {"code": SCALE[-1], "label": high}]
            ticks = self._list({"id": f"{question['id']}__ticks"}, ends)
            return {"type": "range", "parameters": f"start=0 end=10 step=1 tick_labelset={ticks}"}
        labels = [dict.fromkeys(self.languages, code) for code in SCALE]
        labels[0] = {language: f"0 – {text}" for language, text in low.items()}
        labels[-1] = {language: f"10 – {text}" for language, text in high.items()}
        options = [{"code": code, "label": label} for code, label in zip(SCALE, labels, strict=True)]
        return {"type": f"select_one {self._list(question, options)}"}

    def _constraint(self, question: Plain) -> Cells:
        parts = list(_limits(question))
        own = question.get("constraint")
        if own:
            parts.append(self._xpath(own["expr"], question["id"]))
        if not parts:
            return {}
        text = parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)
        return {"constraint": text, **self._text("constraint_message", own and own["message"])}

    # The sheet choices

    def _list(self, question: Plain, options: Sequence[Plain]) -> str:
        """The name of the list of these options; equal ones are written once."""
        cannot_say = bool(question.get("cannot_say"))
        key = repr(([(option["code"], option["label"]) for option in options], cannot_say))
        if key not in self._lists:
            self._lists[key] = question["id"]
            self.choices += [self._choice(question["id"], option["code"], option["label"]) for option in options]
            if cannot_say:
                words = {each: CANNOT_SAY_WORDS.get(each, CANNOT_SAY_WORDS["en"]) for each in self.languages}
                self.choices.append(self._choice(question["id"], CANNOT_SAY, words))
        return self._lists[key]

    def _choice(self, name: str, code: str, label: Text) -> Cells:
        return {"list_name": name, "name": code, **self._text("label", label)}


def _limits(question: Plain) -> Iterator[str]:
    """The limits that are fields of ours, as conditions on `.`."""
    kind = question["kind"]
    if kind == "text" and not question.get("short"):
        yield f"string-length(.) <= {question.get('max_length', 1000)}"
    elif kind == "text" and "max_length" in question:
        yield f"string-length(.) <= {question['max_length']}"
    value = {"number": ".", "multiple": "count-selected(.)", "date": "."}.get(kind)
    for field, sign in (("min", ">="), ("max", "<=")):
        if value and field in question:
            limit = f"date('{question[field]}')" if kind == "date" else question[field]
            yield " or ".join([f"{value} {sign} {limit}", *(_alone(question) if field == "min" and limit != 1 else ())])
    for code in _alone_codes(question):
        yield f"not(selected(., '{code}') and count-selected(.) > 1)"


def _alone_codes(question: Plain) -> list[str]:
    """The choices of a multiple choice that are chosen alone."""
    if question["kind"] != "multiple":
        return []
    alone = [option["code"] for option in question["options"] if option.get("exclusive")]
    return [*alone, CANNOT_SAY] if question.get("cannot_say") else alone


def _alone(question: Plain) -> list[str]:
    """What satisfies a least number of choices by itself."""
    return [f"selected(., '{code}')" for code in _alone_codes(question)]


def _hint(question: Plain) -> Text | None:
    """The hint, and the unit, for which a workbook has no place of its own."""
    hint, unit = question.get("hint"), question.get("unit")
    if not unit:
        return hint
    return {language: f"{hint[language]} ({word})" if hint else word for language, word in unit.items()}


def _texts(plain: Plain) -> Iterator[Text]:
    """Every text that may put in an answer."""
    for section in plain.get("sections", ()):
        yield section.get("title", {})
    for question in plain["questions"]:
        yield question["label"]
        yield from (question.get(name, {}) for name in ("hint", "low", "high", "unit"))
        yield question.get("constraint", {}).get("message", {})
        for part in (*question.get("options", ()), *question.get("rows", ())):
            yield part["label"]


def _sheet(name: str, rows: Sequence[Cells], header: Sequence[str]) -> Sheet:
    """The sheet with those columns that are used."""
    used = [column for column in header if any(column in row for row in rows)]
    return Sheet(name, tuple(used), tuple((number, row) for number, row in enumerate(rows, 2)))
