"""The steps of a publication, its basis, and what its texts may not hold."""

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import NOW

from service.domain.errors import Refused
from service.domain.procedure import publications as rules
from service.domain.procedure.publications import Publication

DRAFT = Publication("p", "r", "project", "provider", "r#1", "active", "办法六（三）", "digest", NOW, "drafter")
ALL = rules.SECRETS


def moved(
    there: Publication, to: str, by: str = "x", looked_for: tuple[str, ...] = ALL, reason: str = ""
) -> Publication:
    return rules.moved(there, to, by, NOW, looked_for, reason)


@pytest.mark.rule("O05")
def test_three_different_persons_in_their_order() -> None:
    office = moved(DRAFT, "office_head", "office")
    unit = moved(office, "approved", "unit")
    published = moved(unit, "published", "drafter")
    assert [one["by"] for one in published.approvals] == ["office", "unit"]
    assert (published.published_at, published.version) == (NOW, 4)
    for there, to, by in (
        (DRAFT, "office_head", "drafter"),
        (office, "approved", "office"),
        (office, "approved", "drafter"),
    ):
        with pytest.raises(Refused) as refused:
            moved(there, to, by)
        assert refused.value.reason == "same_person"
    for there, to in ((DRAFT, "approved"), (DRAFT, "published"), (office, "published"), (published, "returned")):
        with pytest.raises(Refused) as refused:
            moved(there, to)
        assert refused.value.reason == "state_conflict"


@pytest.mark.rule("O05")
def test_a_return_and_a_withdrawal_need_their_reason_and_end_it() -> None:
    with pytest.raises(Refused):
        moved(DRAFT, "returned", reason=" ")
    returned = moved(DRAFT, "returned", reason="缺少依据")
    assert (returned.state, returned.reason, returned.withdrawn_at) == ("returned", "缺少依据", None)
    published = replace(DRAFT, state="published", published_at=NOW)
    withdrawn = moved(published, "withdrawn", "y", reason="有误")
    assert (withdrawn.withdrawn_by, withdrawn.withdrawn_at, withdrawn.published_at) == ("y", NOW, NOW)
    with pytest.raises(Refused):
        moved(withdrawn, "published")


@pytest.mark.rule("C27")
@pytest.mark.parametrize("missing", ALL)
def test_a_head_has_looked_for_each_kind_of_secret(missing: str) -> None:
    with pytest.raises(Refused) as refused:
        moved(DRAFT, "office_head", looked_for=tuple(name for name in ALL if name != missing))
    assert [fault.params["value"] for fault in refused.value.faults] == [missing]


@pytest.mark.rule("G58")
@pytest.mark.parametrize(
    ("reviewed", "basis", "allowed", "fits"),
    [
        (True, "", False, True),
        (False, "市府令第1号", True, True),
        (False, "市府令第1号", False, False),
        (False, " ", True, False),
    ],
)
def test_an_unappealed_result_needs_the_schemes_basis(reviewed: bool, basis: str, allowed: bool, fits: bool) -> None:
    """The measures speak of publishing what a review decided; everything else is a parameter with its basis."""
    if fits:
        rules.check_basis("办法六（三）", reviewed, basis, allowed)
    else:
        with pytest.raises(Refused) as refused:
            rules.check_basis("办法六（三）", reviewed, basis, allowed)
        assert refused.value.reason == "publication_basis"


@pytest.mark.rule("C27")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("由王 小明评分", "tells_person"),
        ("Scored by ANNA  SMITH.", "tells_person"),
        ("请致电13812345678", "tells_number"),
        ("证件11010519491231002X", "tells_number"),
        ("本年度服务总体稳定。2026年3月2日", None),
    ],
)
def test_texts_name_nobody_and_hold_no_numbers_of_persons(text: str, reason: str | None) -> None:
    names = {"王小明", "Anna Smith", "李"}
    if reason is None:
        rules.check_texts({"note": text}, names)
    else:
        with pytest.raises(Refused) as refused:
            rules.check_texts({"note": text}, names)
        assert [(fault.field, fault.reason) for fault in refused.value.faults] == [("note", reason)]


@pytest.mark.rule("C27")
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("居家服务 2026 的结果", {"服务"}),  # a word of the project's own name, said with it
        ("Results of the service in 2026.", {"service"}),  # a user name that is a word of it
        ("Annual results", {"ann", "ual"}),  # no whole words
        ("王小明社工站已整改。", {"王小明"}),  # the provider bears somebody's name
    ],
)
def test_words_of_the_projects_own_names_name_nobody(text: str, names: set[str]) -> None:
    own = {"居家服务 2026", "Home service 2026", "王小明社工站"}
    rules.check_texts({"note": text}, names, own)
    with pytest.raises(Refused):
        rules.check_texts({"note": f"{text} By {' '.join(names)} Zhou, 周"}, {"王小明", "Zhou"}, own)


@pytest.mark.rule("C26")
def test_history_holds_what_was_ever_published_the_latest_first() -> None:
    old = replace(DRAFT, id="a", state="withdrawn", published_at=NOW)
    new = replace(DRAFT, id="b", state="published", published_at=NOW + timedelta(days=365))
    assert rules.history([DRAFT, old, replace(DRAFT, id="c", state="returned"), new]) == [new, old]
