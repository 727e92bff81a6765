"""Institutions rate once, signed: the list freezes; replacing needs a reason, nobody stands in for the missing."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from database import every_document
from factories import EVALUATOR, NOW, OTHER_EVALUATOR, PROVIDER, issue, make_campaign
from institutions import answers, draft, enter, listed, open_campaign, open_with

from service.domain.access import Actor
from service.domain.collect.opinions import MINIMUM, Institution
from service.domain.errors import Refused
from service.operations.acts import journal_entries
from service.operations.collect import campaigns, opinions

pytestmark = pytest.mark.usefixtures("database")
PDF = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"
PURCHASER = Actor("purchaser-1", "purchaser", "purchaser-org", ("purchaser",))


def refused(call, *args, **more) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value


def fields(refusal: Refused) -> set[str]:
    return {f"{fault.field}:{fault.reason}" for fault in refusal.faults}


def item(found, id):
    return next(each for each in found.figures.items if each.id == id)


def test_figures_list_who_is_missing_and_mean_over_those_who_answered_only() -> None:
    opened = open_with(4)
    enter("inst-0", answers("5", "10"))
    enter("inst-1", answers("3", "4"))
    found = opinions.read(EVALUATOR, opened.id)
    assert (found.figures.listed, found.figures.returned, found.figures.missing) == (4, 2, ("inst-2", "inst-3"))
    assert item(found, "overall").mean == Decimal(75)  # (100 + 50) / 2, nothing for the two that are silent
    assert item(found, "recognition").mean == Decimal(7)
    assert item(found, "basis").mean is None
    assert item(found, "basis").reason == "no_levels"
    assert found.figures.index["satisfaction"] == Decimal(75)
    assert found.figures.interval is None
    assert found.figures.reasons["interval"] == "raters_not_sample"
    one_kind = opinions.read(EVALUATOR, opened.id, ["functional"])
    assert (one_kind.figures.listed, one_kind.figures.returned) == (1, 1)
    assert item(one_kind, "overall").mean == Decimal(50)


def test_cannot_say_is_counted_apart_and_an_item_without_answers_leaves_no_index() -> None:
    opened = open_with(2)
    silent = answers()
    silent["aspects"] = dict.fromkeys(silent["aspects"], "_cannot_say") | {"results": "4"}
    enter("inst-0", silent)
    found = opinions.read(EVALUATOR, opened.id)
    skill = item(found, "aspects/skill")
    assert (skill.n, skill.cannot_say, skill.mean, skill.reason) == (0, 1, None, "no_opinions")
    assert found.figures.index == {"satisfaction": None}
    assert found.figures.reasons["index.satisfaction"] == "item_missing"


def test_the_first_opinion_freezes_the_list_and_later_additions_say_why() -> None:
    opened = open_with(2)
    longer = opinions.set_list(EVALUATOR, NOW, opened.id, listed(3), 1)
    assert (longer.version, longer.frozen_at) == (2, None)
    enter("inst-0")
    frozen = opinions.read(EVALUATOR, opened.id).listed
    assert frozen.frozen_at == NOW
    assert (
        refused(opinions.set_list, EVALUATOR, NOW, opened.id, listed(2), frozen.version).reason == "institutions_frozen"
    )
    added = Institution("late", "functional", "Late bureau")
    assert fields(refused(opinions.add, EVALUATOR, NOW, opened.id, added)) == {"reason:reason_needed"}
    late = replace(added, reason="forgotten when the list was made")
    assert opinions.add(EVALUATOR, NOW, opened.id, late)[1] is True
    assert opinions.add(EVALUATOR, NOW, opened.id, late)[1] is False  # the repeat of a request
    found = opinions.read(EVALUATOR, opened.id)
    assert found.listed.institutions["late"].reason == late.reason
    assert found.figures.missing == ("inst-1", "inst-2", "late")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([Institution("a", "party", "A")], {"institutions.0.kind:not_an_option"}),
        ([Institution("a", "functional", "  ")], {"institutions.0.name:empty"}),
        ([Institution("a", "functional", "x" * 121)], {"institutions.0.name:too_long"}),
        ([Institution("a", "functional", "a\u202eb")], {"institutions.0.name:control_characters"}),
        ([Institution("a", "functional", "A"), Institution("a", "functional", "B")], {"institutions.1.id:duplicate"}),
        (
            [Institution("a", "functional", "民政局"), Institution("b", "functional", "民 政局")],
            {"institutions.1.name:duplicate"},
        ),
        ([Institution(f"i{n}", "functional", f"N{n}") for n in range(301)], {"institutions:too_many"}),
    ],
)
def test_a_list_with_faults_is_refused_and_names_them(wanted, expected) -> None:
    opened = open_campaign()
    assert fields(refused(opinions.set_list, EVALUATOR, NOW, opened.id, wanted, 0)) == expected


def test_one_opinion_each_and_another_one_needs_a_reason_and_keeps_the_old() -> None:
    opened = open_with()
    first, new = enter()
    assert (first.number, new) == (1, True)
    assert enter() == (first, False)  # the same form again is the same opinion
    assert refused(enter, given=answers("1")).reason == "stale"
    assert fields(refused(enter, given=answers("1"), number=2)) == {"reason:reason_needed"}
    assert refused(enter, given=answers("1"), number=3, reason="r").reason == "stale"
    second, _ = enter(given=answers("1"), number=2, reason="the wrong form was entered")
    kept = opinions.opinions(EVALUATOR, opened.id, "inst-0")
    assert [(one.number, one.answers["overall"]) for one in kept] == [(1, "4"), (2, "1")]
    assert opinions.read(EVALUATOR, opened.id).figures.returned == 1
    acts = [entry for entry in journal_entries(["project:project-1"]) if entry.act.startswith("opinion.")]
    assert [entry.act for entry in acts] == ["opinion.entered", "opinion.replaced"]
    assert acts[1].details["reason"] == second.reason
    assert not any("Signer" in str(entry.details) or "overall" in str(entry.details) for entry in acts)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"signer": " "}, {"signer:empty"}),
        ({"office": ""}, {"office:empty"}),
        ({"signer": "x" * 81}, {"signer:too_long"}),
        ({"office": "a\x07b"}, {"office:control_characters"}),
        ({"signed_on": (NOW + timedelta(days=1)).date()}, {"signed_on:day_to_come"}),
    ],
)
def test_an_opinion_is_signed_by_somebody_in_an_office_on_a_day_that_has_come(more, expected) -> None:
    open_with()
    assert fields(refused(enter, **more)) == expected


def test_a_form_signed_on_the_day_that_has_begun_in_china_is_taken() -> None:
    open_with()
    late = NOW.replace(hour=20)
    form = draft(signed_on=date(2026, 3, 3))
    assert opinions.enter(EVALUATOR, late, form, answers())[0].signed_on == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"answers.basis:required", "answers.overall:required"}),
        (
            answers("6"),
            {"answers.overall:not_an_option"}
            | {f"answers.aspects.{row}:not_an_option" for row in answers()["aspects"]},
        ),
        (answers(recognition="11"), {"answers.recognition:not_an_option"}),
        (answers(signer="me"), {"answers.signer:unknown_question"}),
        (answers(wish="x" * 501), {"answers.wish:too_long"}),
    ],
)
def test_answers_must_fit_the_form(given, expected) -> None:
    open_with()
    found = refused(enter, given=given)
    assert (found.reason, fields(found)) == ("answers_invalid", expected)


def test_who_is_not_listed_has_no_opinion_and_persons_campaigns_have_no_list() -> None:
    open_with()
    assert refused(enter, "stranger").reason == "not_found"
    version = opinions.read(EVALUATOR, "campaign-1").listed.version
    opinions.set_list(EVALUATOR, NOW, "campaign-1", listed(1), version)
    assert refused(enter, "inst-2").reason == "not_found"
    other = make_campaign("campaign-2", "recipients")
    assert refused(opinions.set_list, EVALUATOR, NOW, other.id, listed(), 0).reason == "not_for_institutions"


def test_no_codes_are_issued_for_a_form_that_is_signed() -> None:
    opened = open_campaign()
    assert refused(issue, opened, 1).reason == "not_for_persons"


def test_only_the_evaluator_of_the_project_enters_and_reads_opinions() -> None:
    opened = open_with()
    enter()
    for actor, reason in ((OTHER_EVALUATOR, "not_found"), (PROVIDER, "forbidden"), (PURCHASER, "forbidden")):
        assert refused(opinions.opinions, actor, opened.id, "inst-0").reason == reason
        assert refused(opinions.set_list, actor, NOW, opened.id, listed(), 1).reason == reason
        assert refused(opinions.enter, actor, NOW, draft("inst-1"), answers()).reason == reason
        assert refused(opinions.add_scan, actor, NOW, opened.id, "inst-0", PDF).reason == reason
        assert refused(opinions.scan, actor, opened.id, "inst-0", "0" * 32).reason == reason
    assert refused(opinions.read, PROVIDER, opened.id).reason == "forbidden"


def test_nothing_is_entered_before_the_campaign_opens_or_after_it_is_final() -> None:
    opened = open_with()
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", opened.campaign.version)
    assert refused(enter).reason == "state_conflict"
    assert (
        refused(opinions.add, EVALUATOR, NOW, opened.id, Institution("x", "functional", "X")).reason == "state_conflict"
    )
    drafted = make_campaign("campaign-2", "institution-rating")
    opinions.set_list(EVALUATOR, NOW, drafted.id, listed(), 0)
    form = replace(draft(), campaign=drafted.id)
    assert refused(opinions.enter, EVALUATOR, NOW, form, answers()).reason == "state_conflict"


def final(opened) -> None:
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", opened.campaign.version)


def test_others_read_who_is_missing_at_once_and_means_only_at_the_end_of_enough() -> None:
    opened = open_with(MINIMUM + 2, ("functional",))
    for place in range(MINIMUM):
        enter(f"inst-{place}", answers("5" if place else "1", str(place)))
    early = opinions.read(PURCHASER, opened.id)
    assert early.figures.missing == ("inst-10", "inst-11")
    assert {each.reason for each in early.figures.items} == {"not_final"}
    assert early.figures.index == {"satisfaction": None}
    final(opened)
    late = opinions.read(PURCHASER, opened.id)
    assert item(late, "overall").mean == Decimal(90)
    assert item(late, "overall").counts == {}
    assert late.figures.index == {"satisfaction": Decimal(90)}
    assert item(late, "basis").mean is None
    assert late.figures.digest == ""


def test_others_read_no_mean_of_fewer_than_the_minimum() -> None:
    opened = open_with(MINIMUM, ("functional",))
    for place in range(MINIMUM - 1):
        enter(f"inst-{place}", answers("5" if place else "1"))
    final(opened)
    found = opinions.read(PURCHASER, opened.id)
    assert {each.reason for each in found.figures.items} == {"too_few"}
    assert {each.n for each in found.figures.items} == {None}
    assert item(opinions.read(EVALUATOR, opened.id), "overall").mean is not None


def test_a_small_kind_does_not_follow_from_the_others() -> None:
    opened = open_with(MINIMUM * 2 + 1, ("functional", "organisation"))
    opinions.add(EVALUATOR, NOW, opened.id, Institution("party", "party_government", "Party office"))
    for place in range(MINIMUM * 2):
        enter(f"inst-{place}", answers("5" if place % 3 else "2", str(place % 10)))
    enter("party", answers("1", "0"))
    final(opened)
    assert item(opinions.read(PURCHASER, opened.id), "overall").mean is not None
    for kinds in (["functional"], ["organisation"], ["party_government"], ["functional", "organisation"]):
        found = opinions.read(PURCHASER, opened.id, kinds)
        assert {each.reason for each in found.figures.items} == {"too_few"}, kinds


def test_what_all_said_alike_is_not_told_to_others() -> None:
    opened = open_with(MINIMUM, ("functional",))
    for place in range(MINIMUM):
        enter(f"inst-{place}", answers("5", str(place)))
    final(opened)
    found = opinions.read(PURCHASER, opened.id)
    assert item(found, "overall").reason == "all_alike"
    assert found.figures.index == {"satisfaction": None}
    assert item(found, "recognition").mean == Decimal("4.5")


def test_a_scan_is_kept_with_its_opinion_and_half_done_uploads_are_not() -> None:
    opened = open_with()
    loose = opinions.add_scan(EVALUATOR, NOW, opened.id, "inst-0", PDF + b"%1")
    scan = opinions.add_scan(EVALUATOR, NOW, opened.id, "inst-0", PDF)
    assert refused(opinions.scan, EVALUATOR, opened.id, "inst-0", loose.name).reason == "not_found"
    assert refused(enter, scan=loose.name).reason == "not_found"
    assert refused(enter, "inst-1", scan=scan.name).reason == "not_found"  # another institution's
    enter(scan=scan.name)
    assert opinions.scan(EVALUATOR, opened.id, "inst-0", scan.name) == (scan, PDF)
    enter(given=answers("2"), number=2, reason="corrected by the institution")
    assert opinions.scan(EVALUATOR, opened.id, "inst-0", scan.name)[1] == PDF  # of the first version, which is kept
    assert [kind for kind, _ in every_document()].count("ScanPieceDocument") == 1


def test_a_second_evaluator_does_not_take_away_the_scan_of_the_first() -> None:
    opened, second = open_with(), replace(EVALUATOR, id="another evaluator")
    scan = opinions.add_scan(EVALUATOR, NOW, opened.id, "inst-0", PDF)
    other = opinions.add_scan(second, NOW, opened.id, "inst-0", PDF + b"%1")
    enter(scan=scan.name)
    assert opinions.scan(EVALUATOR, opened.id, "inst-0", scan.name) == (scan, PDF)
    opinions.add_scan(EVALUATOR, NOW + timedelta(days=2), opened.id, "inst-0", PDF + b"%2")
    assert refused(opinions.scan, EVALUATOR, opened.id, "inst-0", other.name).reason == "not_found"


def test_a_scan_of_several_pieces_comes_back_byte_for_byte() -> None:
    opened = open_with()
    data = b"%PDF-1.7\n" + bytes(range(256)) * 6000 + b"\nstartxref\n9\n%%EOF\n"
    scan = opinions.add_scan(EVALUATOR, NOW, opened.id, "inst-0", data)
    assert opinions.add_scan(EVALUATOR, NOW, opened.id, "inst-0", data) == scan
    assert opinions.scan(EVALUATOR, opened.id, "inst-0", scan.name)[1] == data


def test_two_who_enter_at_once_leave_one_opinion() -> None:
    open_with()
    together, outcomes = Barrier(2), []

    def one(level: str) -> None:
        together.wait()
        try:
            outcomes.append(enter(given=answers(level))[1])
        except Refused as refusal:
            outcomes.append(refusal.reason)

    threads = [Thread(target=one, args=(level,)) for level in ("1", "5")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["True", "stale"]
    assert len(opinions.opinions(EVALUATOR, "campaign-1", "inst-0")) == 1
