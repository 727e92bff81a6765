"""Modes: what nobody may claim without signing in, helpers' answers, codes of tablets."""

from dataclasses import replace

import pytest
from factories import EVALUATOR, KEY, NOW, Opened, issue, open_campaign

from service.domain.collect.tickets import KIOSK, Batch
from service.domain.errors import Refused
from service.domain.modes import MODES
from service.operations.collect import responses, satisfaction, seals, tickets
from service.operations.collect.responses import PUBLIC_MODES, Submission, submit

FIRST = Submission("submission-1", {"overall": "5"})


@pytest.fixture
def opened(database: None) -> Opened:
    return open_campaign(4, questionnaire="recipients")


def kiosk_code(opened: Opened, distribution: str = "free_choice") -> str:
    batch = Batch("tablets", opened.id, KIOSK, "east", "", distribution, 1, KEY.id, NOW, EVALUATOR.id)
    return tickets.create_batch(EVALUATOR, NOW, batch, KEY)[1][0]


def cells(opened: Opened) -> set[tuple[str, str]]:
    return {(cell.mode, cell.assistance) for cell in seals.read(opened.id)[0]}


@pytest.mark.parametrize("mode", sorted(set(MODES) - {"own_phone", "staff_assisted"}))
def test_a_mode_of_signed_in_people_is_refused_from_everybody_else(opened: Opened, mode: str) -> None:
    with pytest.raises(Refused) as caught:
        submit(opened.codes[0], replace(FIRST, mode=mode), NOW, (KEY,))
    [fault] = caught.value.faults
    assert (fault.field, fault.params["options"]) == ("mode", "own_phone, staff_assisted")
    assert seals.read(opened.id)[0] == {}
    submit(opened.codes[0], replace(FIRST, mode=mode), NOW, (KEY,), (mode,))
    assert cells(opened) == {(mode, "unknown")}


def test_who_may_claim_one_mode_may_not_claim_the_others(opened: Opened) -> None:
    with pytest.raises(Refused, match="shared_tablet"):
        submit(opened.codes[0], FIRST, NOW, (KEY,), ("shared_tablet",))
    assert set(PUBLIC_MODES) == {"own_phone", "staff_assisted"}


@pytest.mark.parametrize(
    ("said", "counted"),
    [("", "service_staff"), ("no", "service_staff"), ("volunteer", "volunteer"), ("service_staff", "service_staff")],
)
def test_what_a_helpers_page_sends_does_not_slip_into_the_points(opened: Opened, said: str, counted: str) -> None:
    answers = {"overall": "5"} | ({"helped": said} if said else {})
    submit(opened.codes[0], replace(FIRST, answers=answers, mode="staff_assisted"), NOW, (KEY,))
    assert cells(opened) == {("staff_assisted", counted)}
    [(_, estimate)] = satisfaction.figures(EVALUATOR, opened.id).groups
    assert (estimate.helped.answered, estimate.n) == ((1, 0) if counted == "service_staff" else (0, 1))


def test_a_tablet_code_counts_everybody_on_the_tablet_and_nobody_elsewhere(opened: Opened) -> None:
    code = kiosk_code(opened)
    for mode in PUBLIC_MODES:
        with pytest.raises(Refused, match="tablet only"):
            submit(code, replace(FIRST, mode=mode), NOW, (KEY,))
    with pytest.raises(Refused, match="tablet only"):
        responses.form_of(code, (KEY,))
    assert responses.form_of(code, (KEY,), "shared_tablet")[1].kind == KIOSK
    for number in range(3):
        sheet = Submission(f"submission-{number}", {"overall": "5"}, "shared_tablet")
        submit(code, sheet, NOW, (KEY,), ("shared_tablet",))
    assert sum(counts["n"] for counts in seals.read(opened.id)[0].values()) == 3


def test_a_tablet_code_cannot_claim_who_was_counted(opened: Opened) -> None:
    with pytest.raises(Refused, match="free_choice"):
        kiosk_code(opened, "all_present_evaluator")


def test_a_spent_slip_is_spent_in_every_mode(opened: Opened) -> None:
    [code] = issue(opened, 1)
    submit(code, replace(FIRST, mode="paper"), NOW, (KEY,), ("paper",))
    with pytest.raises(Refused, match="already been used"):
        submit(code, replace(FIRST, submission_id="submission-2"), NOW, (KEY,))
