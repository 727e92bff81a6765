"""A YAML text that is to say something else: only the lines that change are written anew.

Comments, order, quotes and blank lines of everything else stay as they are; a comment goes with what stands below it.
Lost are the comments inside what is removed or written as a whole, and all of them in a text that cannot be cut by
lines (then it is written afresh): what comes out is read back, and must say exactly what was asked for.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.errors import Refused
from service.domain.yaml_texts import dump, dump_part, is_json, load, load_once, nodes


class _Unfit(Exception):
    """What stands here cannot be cut by lines."""


def rewritten(text: str, data: Any, reason: str = "questionnaire_invalid", old: Any = None) -> str:
    """The text that says `data`, as close to `text` as its lines allow. load(rewritten(text, data)) == data.

    `old` is what the text says, if that is known. Raises Refused(reason) for a text that cannot be read.
    """
    old = load(text, reason) if old is None else old
    if same(old, data):
        return text
    if is_json(text):
        import json

        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if isinstance(old, Mapping) and isinstance(data, Mapping) and old and data:
        try:
            made = _Text(text).whole(old, data)
            if same(load_once(made, reason), data):
                return made
        except (_Unfit, Refused):
            pass  # then as a whole
    return dump(data)


def same(a: Any, b: Any) -> bool:
    """Whether two plain values are equal, `true` not being 1; the order of keys does not matter."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and bool(a == b)


@dataclass(frozen=True)
class _Piece:
    """An entry of a mapping or an item of a list: lines `start` to `end`, the comments above it included.

    `first` is the line that it begins on, `column` where: of an item its dash.
    """

    node: Any
    old: Any
    start: int
    first: int
    end: int
    column: int


class _Text:
    """The lines of a text and the marks of its nodes."""

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff")  # the marks do not count it
        self.lines = self.text.split("\n")
        self.begins = [0]
        for line in self.lines[:-1]:
            self.begins.append(self.begins[-1] + len(line) + 1)

    def whole(self, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> str:
        root = nodes(self.text)
        if root is None or root.id != "mapping" or root.flow_style:
            raise _Unfit
        return "\n".join(self.mapping(root, old, new, 0, len(self.lines)))

    def line(self, index: int) -> int:
        return bisect_right(self.begins, index) - 1

    def pieces(self, parts: Sequence[tuple[Any, int, Any]], start: int, end: int) -> tuple[list[_Piece], int]:
        """(node, index of its beginning, old value) cut by lines; and the line where what follows them begins."""
        firsts = [self.line(index) for _, index, _ in parts]
        columns = {index - self.begins[line] for (_, index, _), line in zip(parts, firsts, strict=True)}
        if len(columns) != 1 or firsts != sorted(set(firsts)):
            raise _Unfit
        column = columns.pop()
        starts = [self._above(first, column, start) for first in firsts]
        last = end
        while last > firsts[-1] + 1 and self._outside(self.lines[last - 1], column):
            last -= 1
        ends = [*starts[1:], last]
        cut = zip(parts, starts, firsts, ends, strict=True)
        return [_Piece(node, old, start, first, end, column) for (node, _, old), start, first, end in cut], last

    def _above(self, first: int, column: int, least: int) -> int:
        """The line from which on only comments and blank lines stand above `first`."""
        at = first
        while at > least and _is_remark(self.lines[at - 1], column):
            at -= 1
        return at

    @staticmethod
    def _outside(line: str, column: int) -> bool:
        return _is_remark(line, column - 1)

    def mapping(self, node: Any, old: Mapping[Any, Any], new: Mapping[Any, Any], start: int, end: int) -> list[str]:
        parts = [
            (value, key.start_mark.index, before) for (key, value), before in zip(node.value, old.values(), strict=True)
        ]
        found, last = self.pieces(parts, start, end)
        by_key = dict(zip(old, found, strict=True))
        made = self.lines[start : found[0].start]
        for key in _keys(old, new):
            if key not in by_key:
                made += _indented(dump_part({key: new[key]}), found[0].column)
            elif same(old[key], new[key]):
                made += self.lines[by_key[key].start : by_key[key].end]
            else:
                made += self.entry(key, by_key[key], new[key])
        return made + self.lines[last:end]

    def entry(self, key: Any, piece: _Piece, new: Any) -> list[str]:
        node, head = piece.node, self.lines[piece.start : piece.first]
        if node.id != "scalar" and not node.flow_style and new and self.line(node.start_mark.index) > piece.first:
            try:
                inner = self.collection(node, piece.old, new, piece.first + 1, piece.end)
                return [*head, self.lines[piece.first], *inner]
            except _Unfit:
                pass
        return head + self.afresh(piece, dump_part({key: new}, flow=_flows(node, new)))

    def collection(self, node: Any, old: Any, new: Any, start: int, end: int) -> list[str]:
        if node.id == "mapping" and isinstance(new, Mapping):
            return self.mapping(node, old, new, start, end)
        if node.id == "sequence" and isinstance(new, list):
            return self.sequence(node, old, new, start, end)
        raise _Unfit

    def sequence(self, node: Any, old: list[Any], new: list[Any], start: int, end: int) -> list[str]:
        parts = []
        for child, before in zip(node.value, old, strict=True):
            begins = self.begins[self.line(child.start_mark.index)]
            dash = self.text[begins : child.start_mark.index]
            if dash.strip() != "-":
                raise _Unfit
            parts.append((child, begins + dash.index("-"), before))
        found, last = self.pieces(parts, start, end)
        made = self.lines[start : found[0].start]
        flow = bool(found) and all(piece.node.id != "scalar" and piece.node.flow_style for piece in found)
        for value, place in zip(new, _matched(old, new), strict=True):
            if place is None:
                made += _indented(dump_part([value], flow=flow, inside=True), found[0].column)
            elif same(old[place], value):
                made += self.lines[found[place].start : found[place].end]
            else:
                made += self.item(found[place], value)
        return made + self.lines[last:end]

    def item(self, piece: _Piece, new: Any) -> list[str]:
        node, head = piece.node, self.lines[piece.start : piece.first]
        if node.id == "mapping" and not node.flow_style and new and isinstance(new, Mapping):
            line, at = self.lines[piece.first], piece.column
            self.lines[piece.first] = f"{line[:at]} {line[at + 1 :]}"
            try:
                inner = self.mapping(node, piece.old, new, piece.first, piece.end)
            except _Unfit:
                pass
            else:
                while inner and not inner[0].strip():
                    del inner[0]
                return [*head, f"{inner[0][:at]}-{inner[0][at + 1 :]}", *inner[1:]]
            finally:
                self.lines[piece.first] = line
        return head + self.afresh(piece, dump_part([new], flow=_flows(node, new), inside=True))

    def afresh(self, piece: _Piece, text: str) -> list[str]:
        """The piece written anew; what stands behind and below a value of one line stays."""
        made, node = _indented(text, piece.column), piece.node
        if node.id == "scalar" and node.style in ("|", ">"):
            return made
        if node.id != "scalar" and not node.flow_style:
            return made
        at = self.line(node.end_mark.index)
        behind = self.lines[at][node.end_mark.index - self.begins[at] :]
        if len(made) == 1 and behind.strip().startswith("#"):
            made[0] += behind
        return made + self.lines[at + 1 : piece.end]


def _flows(node: Any, new: Any) -> bool:
    """What stood on one line stays on one; an empty list that is filled does not."""
    return node.id != "scalar" and bool(node.flow_style) and bool(node.value) and bool(new)


def _is_remark(line: str, column: int) -> bool:
    """Whether it is blank, or a comment that begins at `column` or before."""
    text = line.lstrip(" ")
    return not text.strip() or (text.startswith("#") and len(line) - len(text) <= column)


def _indented(text: str, column: int) -> list[str]:
    return [" " * column + line if line else line for line in text.rstrip("\n").split("\n")]


def _keys(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> list[Any]:
    """The keys of `new`: those that were there in their old order, each new one behind its neighbour."""
    kept = [key for key in old if key in new]
    before = None
    for key in new:
        if key not in old:
            kept.insert(kept.index(before) + 1 if before is not None else 0, key)
        before = key
    return kept


def _name(value: Any) -> Any:
    """How an item is known when it stands elsewhere."""
    if isinstance(value, Mapping):
        name = value.get("id", value.get("code"))
        return ("part", name) if isinstance(name, str) else None
    return ("value", value) if isinstance(value, str | int | float | bool) else None


def _matched(old: Sequence[Any], new: Sequence[Any]) -> Iterator[int | None]:
    """For each item of `new` the place of the old one that it was, each of them once."""
    places: dict[Any, int] = {}
    for place, value in enumerate(old):
        if (name := _name(value)) is not None:
            places.setdefault(name, place)
    found = [places.pop(_name(value), None) if _name(value) is not None else None for value in new]
    taken = {place for place in found if place is not None}
    for place, (was, now) in enumerate(zip(old, new, strict=False)):
        if found[place] is None and place not in taken and isinstance(was, Mapping) is isinstance(now, Mapping):
            found[place] = place  # it was renamed where it stands
    return iter(found)


__all__ = ["rewritten", "same"]
