"""From codes to figures: what a campaign may claim follows from how its slips were handed out, and from its frame."""

from decimal import Decimal

import pytest
from factories import EVALUATOR, KEY, NOW, PERSONS, Opened, issue, open_campaign

from service.domain.collect.satisfaction import Estimate
from service.domain.errors import Refused
from service.domain.proportions import wilson
from service.operations.collect import satisfaction, seals
from service.operations.collect.responses import Submission, submit
from service.operations.inspect import frames

pytestmark = pytest.mark.usefixtures("database")


def answer(opened: Opened, codes: list[str], satisfied: int) -> None:
    for place, code in enumerate(codes):
        level = "High" if place < satisfied else "Low"
        answers = {"satisfaction": level, "influence": "Low", "contact": "High"}
        submit(code, Submission(f"submission-{place}", answers), NOW, (KEY,))


def figure(opened: Opened, *by: str) -> dict[tuple[str, ...], Estimate]:
    return dict(satisfaction.figures(EVALUATOR, opened.id, by).groups)


def test_a_draw_from_a_frozen_frame_has_the_published_interval() -> None:
    """54 of 60 satisfied, 60 of 400 drawn: Wilson with n* = 70.41 gives .8080 to .9506."""
    opened = open_campaign(60, distribution="drawn_persons")
    answer(opened, opened.codes, 54)
    for _ in range(2):  # live, then sealed
        found = figure(opened)[()]
        assert (found.n, found.issued, found.population) == (60, 60, 400)
        assert found.interval is not None
        assert [round(limit, 4) for limit in found.interval] == [Decimal("0.8080"), Decimal("0.9506")]
        seals.seal(opened.id)


def test_batches_of_one_frame_are_one_draw_and_a_part_of_it_has_no_n() -> None:
    opened = open_campaign(30, distribution="drawn_persons")
    west = issue(opened, 30, site="west", distribution="drawn_persons")
    answer(opened, [*opened.codes, *west], 54)
    whole = figure(opened)[()]
    assert (whole.issued, whole.population) == (60, 400)
    assert whole.interval is not None
    for site in figure(opened, "site").values():
        assert (site.n, site.population) == (30, None)
        found = site.found("satisfied")
        assert (found.interval, found.limits) == (site.interval, ("part_of_draw",))
        good = sum(site.counts[code] for code in ("High",))
        assert site.interval == wilson(good, 30, 30 * 399 / 340)  # the fraction of the whole draw


def test_slips_for_drawn_persons_name_a_frame_of_the_project_that_holds_them() -> None:
    opened = open_campaign(1)
    for frame, count, field in (("", 3, "frame"), ("nowhere", 3, "frame"), (PERSONS, 401, "count")):
        with pytest.raises(Refused) as caught:
            _issue_from(opened, frame, count)
        assert [fault.field for fault in caught.value.faults] == [field]
    _issue_from(opened, PERSONS, 400)
    with pytest.raises(Refused, match="count"):
        _issue_from(opened, PERSONS, 1)


def _issue_from(opened: Opened, frame: str, count: int) -> None:
    from service.domain.collect.tickets import Batch
    from service.operations.collect import tickets

    id = f"b-{frame or 'none'}-{count}"
    made = (id, opened.id, "slip", "east", "", "drawn_persons", count, KEY.id, NOW, EVALUATOR.id, frame)
    tickets.create_batch(EVALUATOR, NOW, Batch(*made), KEY)


def test_only_drawn_persons_come_from_a_frame() -> None:
    opened = open_campaign(1)
    with pytest.raises(Refused, match="frame"):
        issue(opened, 3, frame=PERSONS)


def test_the_frame_of_a_draw_is_of_persons_with_source_and_date() -> None:
    open_campaign(1)
    frozen = frames.get(EVALUATOR, PERSONS)
    assert (len(frozen.serials), frozen.source, frozen.frozen_at) == (400, "register of recipients", NOW)


def test_a_group_within_a_batch_states_no_rate() -> None:
    opened = open_campaign(4)
    answer(opened, opened.codes, 2)
    assert figure(opened)[()].interval_reason == "census"
    [part] = figure(opened, "mode").values()
    assert (part.rate, part.reasons["rate"]) == (None, "part_of_batch")


def test_what_is_not_in_the_key_is_refused_by_name() -> None:
    opened = open_campaign(1)
    with pytest.raises(Refused, match="weather"):
        satisfaction.figures(EVALUATOR, opened.id, ["weather"])
    with pytest.raises(Refused, match="scale"):
        satisfaction.figures(EVALUATOR, opened.id, scale="taste")
