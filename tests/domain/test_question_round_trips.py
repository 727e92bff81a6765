"""Whatever questionnaire is written and whatever is answered: it comes back the same, and is counted once."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from question_shapes import answers_to, questionnaires

from service.domain.collect.questionnaires import check_answers, parse, to_plain
from service.domain.collect.questions import count


@given(questionnaires())
def test_parsing_what_was_written_gives_the_same(questionnaire):
    assert parse(to_plain(questionnaire)) == questionnaire
    assert parse(to_plain(questionnaire)).digest == questionnaire.digest


@given(st.data())
def test_accepted_answers_are_stable_and_counted_once(data):
    questionnaire = data.draw(questionnaires())
    given_answers = {each.id: data.draw(answers_to(each)) for each in questionnaire.questions} | {"z": "x"}
    flat = check_answers(questionnaire, given_answers)
    assert set(flat) <= {key for each in questionnaire.questions for key in each.keys}
    # What was accepted is accepted again as it stands (a matrix by its rows).
    nested = {name: value for name, value in flat.items() if "/" not in name}
    for name, value in flat.items():
        if "/" in name:
            nested.setdefault(name.partition("/")[0], {})[name.partition("/")[2]] = value
    assert check_answers(questionnaire, nested) == flat
    for each in questionnaire.questions:
        check_counts(each, flat, list(count(each, flat)))


def check_counts(asked, flat, keys):
    """Counted by hand from the flat answers."""
    assert len(set(keys)) == len(keys)
    assert not [key for key in keys if "." in key or "$" in key]
    for name in asked.keys:
        states = {f"c|{name}|{state}" for state in ("_skipped", "_cannot_say", "_written", "_answered", *asked.codes)}
        if name not in flat:
            assert states & set(keys) == {f"c|{name}|_skipped"}
        elif asked.kind == "multiple":
            assert states & set(keys) == {f"c|{name}|{code}" for code in ["_answered", *flat[name].split()]}
        elif asked.kind == "rank":
            places = [f"r|{name}|{code}|{place}" for place, code in enumerate(flat[name].split(), 1)]
            assert set(keys) == {f"c|{name}|_answered", *places}
        else:
            said = flat[name] if asked.codes else "_written"
            assert states & set(keys) == {f"c|{name}|{said}"}
    if asked.kind == "number" and asked.edges and asked.id in flat:
        below = sum(edge <= Decimal(flat[asked.id]) for edge in asked.edges)
        assert [key for key in keys if key.startswith("u|")] == [f"u|{asked.id}|{below}"]
