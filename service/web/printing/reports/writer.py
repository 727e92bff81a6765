"""Puts the blocks of a report one after the other, numbers headings and tables, and writes numbers and days."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask_babel import gettext

from service.domain.evaluate.node_scores import Remark
from service.web.charts.shapes import Bars, Shape
from service.web.pages.desk.words import local, remark
from service.web.printing.reports.blocks import LABEL, NOTE, Block, Figure, Heading, Table, Text

_TENS = "〇一二三四五六七八九十"
NONE = "–"


class Writer:
    """The blocks of one report in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.blocks: list[Block] = []
        self._headings = [0, 0, 0]
        self._tables = self._figures = 0

    @property
    def chinese(self) -> bool:
        return self.language.startswith("zh")

    def heading(self, text: str, level: int = 1) -> None:
        """Numbered as official documents are: 一、（一）1. or 1, 1.1."""
        self._headings[level - 1] += 1
        self._headings[level:] = [0] * (3 - level)
        number = self._headings[level - 1]
        if self.chinese:
            before = (f"{in_chinese(number)}、", f"（{in_chinese(number)}）", f"{number}. ")[level - 1]
        else:
            before = ".".join(str(part) for part in self._headings[:level]) + " "
        self.blocks.append(Heading(before + text, level))

    def text(self, text: str) -> None:
        if text.strip():
            self.blocks += [Text(part.strip()) for part in text.split("\n") if part.strip()]

    def note(self, text: str) -> None:
        self.blocks.append(Text(text, NOTE))

    def label(self, text: str) -> None:
        self.blocks.append(Text(text, LABEL))

    def table(
        self,
        caption: str,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        numeric: Collection[int] = (),
        bold: Collection[int] = (),
        indents: Sequence[int] = (),
    ) -> None:
        """Nothing where there are no rows."""
        if rows:
            self._tables += 1
            named = gettext("Table %(number)s. %(caption)s", number=self._tables, caption=caption)
            self.blocks.append(Table(named, head, rows, widths, frozenset(numeric), frozenset(bold), indents))

    def figure(self, caption: str, alternative: str, shape: Shape) -> None:
        self._figures += 1
        named = gettext("Figure %(number)s. %(caption)s", number=self._figures, caption=caption)
        self.blocks.append(Figure(named, alternative, shape))

    def day(self, iso: str | None) -> str:
        """A day as the language writes it."""
        if not iso:
            return NONE
        on = date.fromisoformat(iso[:10])
        return f"{on.year}年{on.month}月{on.day}日" if self.chinese else f"{on.day} {on:%B} {on.year}"


def in_chinese(number: int) -> str:
    """1 to 99 as headings count: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_TENS[tens]}十") + (_TENS[ones] if ones else "")


def number(value: str | None, places: int = 2) -> str:
    """A number rounded for printing; a dash for none."""
    if value is None:
        return NONE
    return format(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), "f")


def short(value: str | None, places: int = 2) -> str:
    """A number rounded for printing without zeros that say nothing."""
    text = number(value, places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: str | None, places: int = 1) -> str:
    return NONE if value is None else f"{number(value, places)}%"


def joined(parts: Sequence[str]) -> str:
    return gettext(", ").join(part for part in parts if part)


def withheld() -> str:
    """Stands for a number that would tell of too few persons."""
    return gettext("not shown")


def remarked(one: Mapping[str, Any]) -> str:
    """A remark of the score in words; whoever is not to be named is "a scorer"."""
    params = {name: gettext("a scorer") if value == "" else value for name, value in one["params"].items()}
    return remark(Remark(one["node"], one["code"], params))


def labels(facts: Mapping[str, Any]) -> dict[str, str]:
    """The label of each indicator."""
    return {node["id"]: local(node["label"]) for node in facts["nodes"]}


def bars(names: Sequence[str], earned: Sequence[str | None], most: Sequence[str], unit: str) -> Bars:
    """What was reached out of what could be reached at most."""
    return Bars(list(zip(names, numbers(earned), numbers(most), strict=True)), unit)


def numbers(told: Sequence[str | None]) -> list[float | None]:
    """Decimals as they are drawn."""
    return [None if one is None else float(one) for one in told]


def in_words(names: Sequence[str], earned: Sequence[str | None], most: Sequence[str]) -> str:
    """What a chart of bars shows, for those who do not see it."""
    rows = zip(names, earned, most, strict=True)
    return gettext("; ").join(f"{name} {number(value)} / {number(limit)}" for name, value, limit in rows)
