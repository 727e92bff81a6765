"""A round moved at the desk: opened, its terms set, served, stepped on; what a gate misses is said or waived."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from at_desk import Desk
from demo_round import AUTHORITY
from factories import ADMIN, NOW, make_project
from flask import Flask
from whole_procedure import WALKED

from service.domain.days import day_of
from service.operations import projects
from service.operations.evaluate import rounds, schemes
from service.operations.evaluate.rounds import Round
from service.store import records

pytestmark = pytest.mark.usefixtures("reading_pages")

NEW = "/desk/projects/project-1/rounds/new"
TODAY = day_of(datetime.now(UTC))
SERVED = {"served_on": TODAY.isoformat(), "channel": "handed_over", "received_by": "前台"}
OTHER = WALKED.replace('version: "1"', 'version: "2"')


@pytest.fixture
def lead(app: Flask) -> Desk:
    """The purchaser of a project that ended three days ago, under a scheme that has not been served yet."""
    made = make_project()
    projects.change_project(ADMIN, NOW, replace(made, ends_on=TODAY - timedelta(days=3), version=2), 1)
    schemes.publish(AUTHORITY, NOW, WALKED)
    return Desk(app, "purchaser")


def scheme_id() -> str:
    return schemes.versions(AUTHORITY)[0].id


def opened(lead: Desk) -> str:
    """The address of a round that was opened at the desk."""
    lead.open(NEW)
    made = lead.send(NEW, name="期末评估", kind="final", scheme=scheme_id())
    assert made.status_code == 303, made.text
    return str(made.headers["Location"])


def stored(path: str) -> Round:
    found = records.get(Round, path.rsplit("/", 1)[1])
    assert found is not None
    return found


def test_a_round_is_opened_and_what_is_wrong_stands_beside_its_field(app, lead):
    assert "Authority in charge" not in lead.open(NEW).text.split('name="lead"')[1].split("</select>")[0]
    lead = Desk(app, "evaluator")  # prepares rounds for whoever leads
    lead.open(NEW)
    wrong = {"name": "期末评估", "kind": "re_evaluation", "lead": "authority", "scheme": scheme_id()}
    refused = lead.send(NEW, **wrong)
    assert refused.status_code == 422
    text = unescape(refused.text)
    assert "The authority may lead a round itself where that is needed. Say why." in text
    assert "A re-evaluation looks at a round of the same project again." in text
    assert 'value="期末评估"' in text
    done = lead.send(NEW, **(wrong | {"kind": "final", "lead": "purchaser"}))
    assert done.status_code == 303
    page = lead.follow().text
    assert "The round is open." in page
    assert "期末评估" in page
    again = lead.client.post(NEW, data={})
    assert again.status_code == 403, "no token, no round"


def test_who_may_not_open_rounds_gets_no_form(app, lead):
    assert Desk(app, "provider").open(NEW).status_code == 403
    assert Desk(app, "purchaser", "other-org").open(NEW).status_code == 404


def test_terms_are_set_until_the_scheme_is_served(app, lead):
    path = opened(lead)
    told = unescape(lead.open(f"{path}/steps").text)
    assert "The measures set no days" in told
    assert f'href="{path}/terms">Go there' in told
    assert f"{path}/terms" not in Desk(app, "evaluator").open(f"{path}/steps").text, "terms are the lead's"
    lead.open(f"{path}/terms")
    refused = lead.send(f"{path}/terms", terms__appeal="0", self_evaluation_on=TODAY.isoformat())
    assert refused.status_code == 422
    for text in ("1", "This is required.", "This must be between"):
        assert text in unescape(refused.text)
    assert "agreed, designated" not in refused.text, "words of the API"
    other = Desk(app, "purchaser")
    other.open(f"{path}/terms")
    assert lead.send(f"{path}/terms", terms__appeal="15", self_evaluation_on="").status_code == 303
    assert stored(path).terms == {"appeal": 15}
    late = other.send(f"{path}/terms", terms__appeal="20")
    assert (late.status_code, "Somebody else saved this meanwhile" in late.text) == (412, True)
    lead.open(f"{path}/steps/self_evaluation")
    assert lead.send(f"{path}/steps/self_evaluation", **SERVED).status_code == 303
    lead.open(f"{path}/terms")
    over = lead.send(f"{path}/terms", terms__appeal="25")
    assert over.status_code == 409
    assert stored(path).terms == {"appeal": 15}


def test_a_step_says_what_it_lacks_and_serves_the_scheme_with_the_day(app, lead):
    path = opened(lead)
    lead.open(f"{path}/terms")
    lead.send(f"{path}/terms", terms__appeal="15")
    step = f"{path}/steps/self_evaluation"
    assert "What follows from it" in lead.open(step).text
    without = lead.send(step)
    assert without.status_code == 422
    assert "This is required." in without.text
    assert all(f"f-{name}-error" in without.text for name in ("served_on", "channel", "received_by"))
    other = Desk(app, "purchaser")
    other.open(step)
    assert lead.send(step, **SERVED).headers["Location"] == path
    assert "The round has moved on." in lead.follow().text
    assert (stored(path).state, stored(path).served["received_by"]) == ("self_evaluation", "前台")
    assert other.send(step, **SERVED).status_code == 404, "the round is not there any more"
    page = unescape(lead.open(f"{path}/steps").text)
    assert "The provider has until" in page
    assert "no evaluation group yet" in page
    forced = lead.open(f"{path}/steps/evidence")
    assert "This cannot be done yet" in forced.text
    refused = lead.send(f"{path}/steps/evidence")
    assert (refused.status_code, stored(path).state) == (409, "self_evaluation")
    assert "Gathering evidence" in unescape(refused.text)
    assert Desk(app, "authority").open(f"{path}/steps").text.count("Take this step") == 0
    assert Desk(app, "provider").open(f"{path}/steps").status_code == 403


def test_what_may_be_waived_is_waived_with_a_reason_by_the_lead_alone(app, lead):
    path = opened(lead)
    lead.open(f"{path}/terms")
    lead.send(f"{path}/terms", terms__appeal="15")
    lead.open(f"{path}/steps/self_evaluation")
    lead.send(f"{path}/steps/self_evaluation", **SERVED)
    page = lead.open(f"{path}/steps").text
    [address] = {unescape(one) for one in re.findall(r'href="([^"]+/waivers/new\?[^"]+)"', page)}
    assert "gate=group_constituted" in address
    assert "no evaluation group yet" in unescape(lead.open(address).text)
    send = address.partition("?")[0]
    assert lead.send(send, reason=" ").status_code == 422
    assert lead.send(send, reason="由第三方独立评估。").status_code == 303
    after = lead.follow().text
    assert "由第三方独立评估。" in after
    assert Desk(app, "authority").open(address).status_code == 403
    lead.open(address.replace("group_constituted", "terms_set"))
    assert lead.send(send, reason="不需要").status_code == 422


def test_a_deadline_is_put_off_and_never_shortened(lead):
    path = opened(lead)
    lead.open(f"{path}/terms")
    lead.send(f"{path}/terms", terms__appeal="15")
    lead.open(f"{path}/steps/self_evaluation")
    lead.send(f"{path}/steps/self_evaluation", **SERVED)
    before = stored(path).deadlines["final-self-evaluation"]["on"]
    page = lead.open(f"{path}/steps").text
    assert before in page
    where = f"{path}/deadlines/final-self-evaluation"
    lead.open(where)
    told = SERVED if "served_on" in lead.page.text else {}
    shorter = lead.send(where, on=TODAY.isoformat(), reason="赶工", **told)
    assert (shorter.status_code, "never shortened" in shorter.text) == (422, True)
    later = (TODAY + timedelta(days=40)).isoformat()
    assert lead.send(where, on=later, reason="台风", **told).status_code == 303
    assert stored(path).deadlines["final-self-evaluation"]["on"] == later
    assert later in lead.follow().text


def test_a_scheme_is_changed_by_proposal_decision_and_service(app, lead):
    path = opened(lead)
    schemes.publish(AUTHORITY, NOW, OTHER, "补充期限")
    new = next(one.id for one in schemes.versions(AUTHORITY) if one.number == "2")
    changes = f"{path}/scheme-changes"
    lead.open(f"{changes}/new")
    same = lead.send(f"{changes}/new", scheme=stored(path).scheme, reason="更正")
    assert (same.status_code, "The round has this scheme already" in unescape(same.text)) == (422, True)
    assert lead.send(f"{changes}/new", scheme=new, reason="补充期限").status_code == 303
    authority = Desk(app, "authority")
    [decision] = re.findall(r'href="([^"]+/decision)"', authority.open(changes).text)
    assert re.findall(r'href="([^"]+/decision)"', lead.open(changes).text) == []
    authority.open(decision)
    assert authority.send(decision, approve="true", reason="").status_code == 422
    assert authority.send(decision, approve="true", reason="同意").status_code == 303
    assert authority.open(decision).status_code == 409, "decided once"
    [service] = re.findall(r'href="([^"]+/service)"', lead.open(changes).text)
    lead.open(service)
    early = lead.send(service, **(SERVED | {"served_on": (TODAY - timedelta(days=9)).isoformat()}))
    assert early.status_code == 422
    assert lead.send(service, **SERVED).status_code == 303
    assert stored(path).scheme == new
    provider = Desk(app, "provider").open(changes).text
    assert "served, in force" in provider
    assert f"<code>{new}</code>" in provider


def test_the_round_of_others_is_as_unknown_as_none(app, lead):
    path = opened(lead)
    stranger = Desk(app, "purchaser", "other-org")
    id = path.rsplit("/", 1)[1]
    for each in [one.rule for one in app.url_map.iter_rules() if one.rule.startswith("/desk/rounds/<id>")]:
        address = each.replace("<id>", id).replace("<int:number>", "1")
        address = re.sub(r"<[^>]+>", "x", address)
        if stranger.client.get(address).status_code != 405:
            assert stranger.open(address).status_code in (403, 404), address
    assert rounds.listed(AUTHORITY) != []
