"""From entries to questions in their JSON shape: texts, options, conditions, limits, sections."""

from collections.abc import Mapping
from typing import Any, Final

from service.domain.collect.question_parts import TEXT_DEFAULT
from service.domain.collect.xlsforms import bounds
from service.domain.collect.xlsforms.choices import Choice
from service.domain.collect.xlsforms.conditions import Untranslatable, WrongName, conjuncts, to_expression
from service.domain.collect.xlsforms.entries import SCALE, Entries, Entry, stars
from service.domain.collect.xlsforms.naming import fitted_id, section_id
from service.domain.collect.xlsforms.settings import NO, YES
from service.domain.collect.xlsforms.sheets import CHOICES, SURVEY, Findings
from service.domain.collect.xlsforms.survey_rows import Group, Row
from service.domain.collect.xlsforms.texts import CHECK, GAP, OTHER, SPECIFY, Texts, replaced
from service.domain.collect.xlsforms.xpaths import Node, XPathInvalid, parse_xpath
from service.domain.modes import Text

Plain = dict[str, Any]
Places = dict[str, tuple[str, int]]
_SHORT_KINDS: Final = {"stars": "rating", "bounded": "number"}
# Columns that are read, or whose loss changes nothing that our pages show.
_QUIET: Final = frozenset(
    """type name label hint required relevant constraint constraint_message appearance parameters choice_filter
    calculation read_only list_name #""".split()
)


class Builder:
    """Makes the questions of `entries`; `places` tells of each path in the result where it stands in the workbook."""

    def __init__(self, entries: Entries, texts: Texts, findings: Findings) -> None:
        self.entries = entries
        self.texts = texts
        self.findings = findings
        self.places: Places = {}
        self._earlier: set[str] = set()

    def questions(self) -> list[Plain]:
        made = []
        for place, entry in enumerate(self.entries.entries):
            path = f"questions.{place}"
            self.places[path] = (SURVEY, entry.row.number)
            made.append(self._question(entry, path))
            self._earlier.add(entry.id)
            self._earlier |= {f"{entry.id}/{row}" for _, row in entry.rows}
        return made

    def _question(self, entry: Entry, path: str) -> Plain:
        kind = _SHORT_KINDS.get(entry.kind, entry.kind)
        plain: Plain = {"id": entry.id, "kind": kind, "label": self._label(entry)}
        if hint := self._text(entry.row, "hint"):
            plain["hint"] = hint
        if kind != "note" and self._required(entry):
            plain["required"] = True
        plain |= self._by_kind(entry, path)
        if when := self._when(entry):
            plain["when"] = when
        if kind not in ("note", "matrix"):
            self._constraint(entry, plain)
        self._untold(entry.row)
        return plain

    # Texts

    def _text(self, row: Row, column: str, sheet: str = SURVEY) -> Text:
        return replaced(
            self.texts.text(row.texts.get(column, {}), sheet, row.number), lambda name: self._piped(name, row, column)
        )

    def _piped(self, name: str, row: Row, column: str, sheet: str = SURVEY) -> str:
        """`${…}` of ours for an answer that stands earlier; other answers leave a gap."""
        wanted = self.entries.pipes.get(name, name)
        if wanted not in self.entries.names:
            self.findings.problem(sheet, row.number, column, "xlsform_no_such_name", value=name[:60])
            return GAP
        known = self.entries.names[wanted]
        if known is None or known.name not in self._earlier:
            self.findings.warn(sheet, row.number, column, "xlsform_pipe", value=name[:60])
            return GAP
        return f"${{{known.name}}}"

    def _label(self, entry: Entry) -> Text:
        if entry.other_of is not None:
            return self.texts.everywhere(SPECIFY)
        label = self._text(entry.row, "label") or self._text(entry.row, "hint")
        if not label:
            self.findings.warn(SURVEY, entry.row.number, "label", "xlsform_no_label")
        return label or self.texts.everywhere(entry.row.name or entry.id)

    def _option(self, choice: Choice) -> Plain:
        label = self.texts.text(choice.labels, CHOICES, choice.row) or self.texts.everywhere(choice.name)
        row = Row(choice.row, "", {}, {})
        label = replaced(label, lambda name: self._piped(name, row, "label", CHOICES))
        return {"code": choice.code, "label": label}

    # What belongs to a kind

    def _by_kind(self, entry: Entry, path: str) -> Plain:
        match entry.kind:
            case "single" | "multiple" | "rank":
                return self._choices(entry, path)
            case "matrix":
                return self._matrix(entry, path)
            case "zero_to_ten":
                return self._ends(entry)
            case "stars":
                return {"shape": "stars", "options": [self._star(code) for code in stars(entry)]}
            case "bounded":
                return _bounds(entry)
            case "number":
                return {"decimals": 6} if entry.row.type.lower() == "decimal" else {}
            case "text":
                return {} if "multiline" in entry.row.cells.get("appearance", "") else {"short": True}
        return {}

    def _choices(self, entry: Entry, path: str) -> Plain:
        found = entry.choices
        options = [self._option(choice) for choice in found.options] if found else []
        for place, choice in enumerate(found.options if found else ()):
            self.places[f"{path}.options.{place}"] = (CHOICES, choice.row)
        if entry.or_other and not any(option["code"] == "other" for option in options):
            options.append({"code": "other", "label": self.texts.everywhere(OTHER)})
        plain: Plain = {"options": options}
        if found and found.cannot_say:
            plain["cannot_say"] = True
        if entry.parameters.get("randomize") == "true":
            plain["random_order"] = True
        if entry.kind == "single" and _is_scale(options):
            plain.pop("options")
            plain |= {"kind": "zero_to_ten", "low": _end(options[0], "0"), "high": _end(options[-1], "10")}
        return plain

    def _matrix(self, entry: Entry, path: str) -> Plain:
        plain = self._choices(entry, path)
        plain["rows"] = []
        for place, (row, id) in enumerate(entry.rows):
            self.places[f"{path}.rows.{place}"] = (SURVEY, row.number)
            plain["rows"].append({"id": id, "label": self._text(row, "label") or self.texts.everywhere(id)})
        return plain

    def _ends(self, entry: Entry) -> Plain:
        """The words at both ends, from the list of tick labels."""
        ticks = self.entries.lists.get(_original(entry, "tick_labelset"))
        labels = {choice.name: choice for choice in (ticks.options if ticks else ())}
        return {
            end: self._option(labels[value])["label"] if value in labels else self.texts.everywhere(value)
            for end, value in (("low", "0"), ("high", "10"))
        }

    def _star(self, code: str) -> Plain:
        return {"code": code, "label": self.texts.everywhere(code)}

    def _required(self, entry: Entry) -> bool:
        rows = [row for row, _ in entry.rows] or [entry.row]
        said = [row.cells.get("required", "") for row in rows]
        for row, text in zip(rows, said, strict=True):
            if text.lower() not in YES | NO:
                self.findings.warn(SURVEY, row.number, "required", "xlsform_required")
        needed = [text.lower() in YES for text in said]
        if any(needed) and not all(needed):
            self.findings.warn(SURVEY, entry.row.number, "required", "xlsform_required_rows")
        return all(needed)

    # Conditions

    def _parsed(self, row: Row, column: str) -> Node | None:
        text = row.cells.get(column, "")
        if not text:
            return None
        try:
            return parse_xpath(text)
        except XPathInvalid as error:
            self.findings.problem(
                SURVEY, row.number, column, "xlsform_xpath", problem=error.problem, place=error.column
            )
            return None

    def _expression(self, node: Node, row: Row, column: str, own: str = "") -> str:
        """`node` in our language, or "" with the reason among the findings."""
        names = self.entries.names
        known = names.get(own)
        mine = known.__class__(".", known.type, known.codes) if known else None
        try:
            return to_expression(node, names, mine)
        except Untranslatable as gap:
            self.findings.warn(SURVEY, row.number, column, f"xlsform_{column}_left_out", value=gap.part[:60])
        except WrongName as wrong:
            if wrong.code:
                params = {"value": wrong.code[:60], "name": row.name if wrong.name == "." else wrong.name}
                self.findings.problem(SURVEY, row.number, column, "xlsform_no_such_choice", **params)
            else:
                self.findings.problem(SURVEY, row.number, column, "xlsform_no_such_name", value=wrong.name[:60])
        return ""

    def _when(self, entry: Entry) -> str:
        if entry.other_of is not None:
            other = entry.other_of
            return f"{other.id} = 'other'" if other.kind == "single" else f"selected({other.id}, 'other')"
        node = self._parsed(entry.row, "relevant")
        return self._expression(node, entry.row, "relevant") if node is not None else ""

    def _constraint(self, entry: Entry, plain: Plain) -> None:
        node = self._parsed(entry.row, "constraint")
        if node is None:
            return
        message = self._text(entry.row, "constraint_message")
        codes = entry.choices.codes if entry.choices else {}
        fields: Plain = {}
        rest: list[Node] = []
        for part in conjuncts(node):
            limit = bounds.own_limit(plain["kind"], part, codes)
            if limit is None or limit[0] in fields:
                rest.append(part)
            else:
                fields[limit[0]] = limit[1]
        if message and not rest:  # a limit of ours has no message of its own
            fields, rest = {}, [node]
        alone = {fields.pop(name) for name in [*fields] if name.startswith("exclusive ")}
        for option in plain.get("options", ()):
            option |= {"exclusive": True} if option["code"] in alone else {}
        if fields.get("max_length") == TEXT_DEFAULT:
            del fields["max_length"]
        plain |= fields
        texts = [self._expression(part, entry.row, "constraint", entry.row.name) for part in rest]
        if rest and all(texts):
            plain["constraint"] = {"expr": _joined(texts), "message": message or self.texts.everywhere(CHECK)}

    # Sections

    def sections(self) -> list[Plain]:
        """One section for each run of questions with the same innermost group; none if there are no groups."""
        entries = self.entries.entries
        if not any(entry.groups for entry in entries):
            return []
        runs: list[tuple[tuple[Group, ...], list[str]]] = []
        for entry in entries:
            if not runs or runs[-1][0] != entry.groups:
                runs.append((entry.groups, []))
            runs[-1][1].append(entry.id)
        taken: set[str] = set()
        return [self._section(place, groups, ids, taken) for place, (groups, ids) in enumerate(runs)]

    def _section(self, place: int, groups: tuple[Group, ...], ids: list[str], taken: set[str]) -> Plain:
        inner = groups[-1].row if groups else None
        first = inner is not None and section_id(inner.name) not in taken
        plain: Plain = {"id": fitted_id(section_id(inner.name) if inner else f"part_{place + 1}", taken)}
        if inner is not None:
            self.places[f"sections.{place}"] = (SURVEY, inner.number)
            if first and (title := self._title(inner, ids[0])):
                plain["title"] = title
        plain["questions"] = ids
        if whens := [when for group in groups if (when := self._group_when(group))]:
            plain["when"] = _joined(whens)
        return plain

    def _title(self, row: Row, first: str) -> Text:
        before = [entry.id for entry in self.entries.entries]
        self._earlier = set(before[: before.index(first)])
        return self._text(row, "label")

    def _group_when(self, group: Group) -> str:
        if group.row is None or (node := self._parsed(group.row, "relevant")) is None:
            return ""
        return self._expression(node, group.row, "relevant")

    # What is lost

    def _untold(self, row: Row) -> None:
        for base in row.cells:
            if base == "trigger":
                self._trigger(row)
            elif base == "save_to":
                self.findings.problem(SURVEY, row.number, base, "xlsform_entities")
            elif base not in _QUIET and not base.startswith(("instance::", "body::")):
                self.findings.warn(SURVEY, 1, base, "xlsform_column_left_out", value=base[:60])

    def _trigger(self, row: Row) -> None:
        node = self._parsed(row, "trigger")
        if node is None:
            return
        name = getattr(node, "name", None)
        if not isinstance(name, str) or name not in self.entries.names:
            self.findings.problem(SURVEY, row.number, "trigger", "xlsform_trigger")
        else:
            self.findings.warn(SURVEY, 1, "trigger", "xlsform_column_left_out", value="trigger")


def _original(entry: Entry, parameter: str) -> str:
    """A parameter with its capitals."""
    for part in entry.row.cells.get("parameters", "").replace(",", " ").replace(";", " ").split():
        name, _, value = part.partition("=")
        if name.lower() == parameter:
            return value
    return ""


def _bounds(entry: Entry) -> Plain:
    given = {"start": "1", "end": "10", "step": "1", **entry.parameters}
    decimals = max(len(given[name].partition(".")[2]) for name in ("start", "end", "step"))
    plain: Plain = {"min": _value(given["start"]), "max": _value(given["end"])}
    return plain | ({"decimals": min(decimals, 6)} if decimals else {})


def _value(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdigit() else text


def _is_scale(options: list[Plain]) -> bool:
    return tuple(option["code"] for option in options) == SCALE and all(
        text == option["code"] for option in options[1:-1] for text in option["label"].values()
    )


def _end(option: Mapping[str, Any], number: str) -> Text:
    return {
        language: text.removeprefix(f"{number} – ") if text.startswith(f"{number} – ") else text
        for language, text in option["label"].items()
    }


def _joined(texts: list[str]) -> str:
    """All of them; only an `or` binds less than the `and` that joins them."""
    return " and ".join(f"({text})" if " or " in text and len(texts) > 1 else text for text in texts)
