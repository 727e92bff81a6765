"""Small questionnaires for tests: shapes to write down, and strategies for whatever may be written."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from service.domain.collect.question_kinds import KINDS
from service.domain.collect.questionnaires import parse
from service.domain.collect.questions import canonical


def text(words):
    return {"en": words}


def options(*codes, **more):
    return [{"code": code, "label": text(code), **more} for code in codes]


def question(kind, **more):
    return {"id": "q", "kind": kind, "label": text("q"), **more}


def rows(*names):
    return [{"id": name, "label": text(name)} for name in names]


ENDS = {"low": text("not at all"), "high": text("wholly")}


def plain(*questions, **more):
    return {
        **{"id": "sample", "version": 1, "languages": ["en"], "population": "all"},
        **dict.fromkeys(("title", "purpose", "source"), text("x")),
        "questions": list(questions),
        **more,
    }


labels = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=8).map(text)
names = st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,5}", fullmatch=True), min_size=3, max_size=6, unique=True)
numbers = st.decimals(-1000, 1000, places=2).map(lambda number: canonical(Decimal(number)))


@st.composite
def question_shapes(draw, number):
    kind = draw(st.sampled_from(sorted(KINDS)))
    shape = {"id": f"q{number}", "kind": kind, "label": draw(labels)}
    extras = KINDS[kind].extras
    shape |= {
        name: True for name in ("required", "cannot_say", "short", "random_order") if name in extras & draw(flags)
    }
    if "options" in extras:
        shape["options"] = [{"code": code, "label": draw(labels)} for code in draw(names)]
        if kind == "multiple" and draw(st.booleans()):
            shape["options"][-1]["exclusive"] = True
    if "rows" in extras:
        shape["rows"] = rows("r1", "r2")
    if "low" in extras:
        shape |= ENDS
    if kind == "number":
        shape |= {"decimals": 2, "edges": sorted(set(map(Decimal, draw(st.lists(numbers, max_size=4)))))}
        shape["edges"] = [canonical(edge) for edge in shape["edges"]]
    return shape


flags = st.frozensets(st.sampled_from(["required", "cannot_say", "short", "random_order"]))


@st.composite
def questionnaires(draw):
    shapes = [draw(question_shapes(number)) for number in range(draw(st.integers(1, 5)))]
    return parse(plain(*shapes, {"id": "z", "kind": "text", "label": text("z")}))


@st.composite
def answers_to(draw, asked):
    """A valid answer in its JSON shape, or None."""
    if asked.kind == "note" or (not asked.required and draw(st.booleans())):
        return None
    some = {
        "text": st.from_regex(r"[a-z][a-z ]{0,9}[a-z]", fullmatch=True),
        "number": numbers,
        "date": st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat),
        "photo": st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
        "matrix": st.fixed_dictionaries({row.id: st.sampled_from(asked.codes) for row in asked.rows}),
        "multiple": st.lists(
            st.sampled_from([o.code for o in asked.options if not o.exclusive] or ["-"]), min_size=1, unique=True
        ),
        "rank": st.lists(st.sampled_from(asked.codes or ["-"]), min_size=1, unique=True),
    }
    return draw(some.get(asked.kind, st.sampled_from(asked.codes or ["-"])))
