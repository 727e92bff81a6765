"""Which parts do not go together: the service's own, what a scheme adds, what its parameters allow."""

import pytest

from service.domain.procedure.groups import (
    CATEGORIES,
    CONFLICTS,
    DUTIES,
    WORDS,
    Candidate,
    Conflict,
    GroupMember,
    Participants,
    Person,
    clashes,
    in_force,
    may_not_sit,
    normal,
    parts_of,
    same_person,
)


@pytest.mark.rule("G05")
def test_every_conflict_names_parts_that_exist_and_where_it_comes_from():
    assert len(CATEGORIES) == 7
    assert all({one.a, one.b} <= WORDS and one.basis for one in CONFLICTS)
    assert len({one.id for one in CONFLICTS}) == len(CONFLICTS)


@pytest.mark.rule("G05")
def test_a_scheme_may_let_the_providers_representative_score_but_not_lead_or_review():
    allowed = in_force((), ["provider_may_score"])
    assert not clashes({"provider", "scorer"}, allowed)
    assert [one.b for one in clashes({"provider", "scorer", "lead"}, allowed)] == ["lead"]
    assert clashes({"provider", "scorer"}, in_force(()))
    assert clashes({"provider", "reviewer"}, allowed)


def test_what_a_scheme_adds_holds_too_and_never_softens_a_rule():
    added = (Conflict("expert", "lead", "G05", waivable=True), Conflict("scorer", "provider", "x", waivable=True))
    found = in_force(added)
    assert [one.waivable for one in clashes({"expert", "lead"}, found)] == [True]
    assert [one.waivable for one in clashes({"provider", "scorer"}, found)] == [False]
    stricter = in_force((Conflict("scorer", "secretary", "x"),))
    assert [one.waivable for one in clashes({"secretary", "scorer"}, stricter)] == [False]


@pytest.mark.rule("C07")
def test_whoever_scores_or_leads_takes_part_in_accepting_the_service():
    def member(*roles: str, duties: tuple[str, ...] = ()) -> GroupMember:
        return GroupMember("m", "r", "甲", "buyer", roles, duties=duties)

    assert "acceptance" in parts_of(member("scorer"))
    assert "acceptance" not in parts_of(member("observer"))
    elsewhere = [member("observer", duties=("contract",))]
    assert clashes(parts_of(member("lead"), elsewhere), CONFLICTS)
    assert set(DUTIES) <= WORDS


def test_a_person_is_known_by_the_account_or_else_by_the_name():
    assert normal(" Ｌi\u3000Ming ") == normal("li ming") == "liming"
    assert same_person(Person("u1", "李明"), Person("u1", "李 明（改名）"))
    assert not same_person(Person("u1", "李明"), Person("u2", "李明"))
    assert same_person(Person("", "李 明"), Person("u2", "李明"))


@pytest.mark.rule("G57")
def test_a_panel_is_told_who_may_not_sit_and_why():
    took_part = Participants(frozenset({"u1", "李明"}), frozenset({"u2"}), frozenset({"u1"}))
    panel = [Candidate("甲", "u1"), Candidate("李 明"), Candidate("乙", "u2"), Candidate("丙", "u3"), Candidate("丁")]
    found = may_not_sit(panel, took_part, declared={"u3"})
    assert [(one.place, one.part) for one in found] == [
        (0, "scored"),
        (0, "visited"),
        (1, "scored"),
        (2, "led"),
        (3, "declared_interest"),
    ]
    assert {one.fault.reason for one in found} == {
        "barred_scored",
        "barred_visited",
        "barred_led",
        "barred_declared_interest",
    }
