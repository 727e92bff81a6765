"""Projects, sites and sessions, contract targets, schemes and campaigns, as they are made and changed at the desk."""

import re
from html import unescape

import pytest
from at_desk import Desk
from factories import NOTICE, make_project, publish
from mixed_scheme import MIXED

from service.domain.collect.campaigns import Campaign
from service.domain.evaluate.schemes import SchemeVersion
from service.domain.procedure.targets import ContractTarget
from service.domain.projects import Project, Site
from service.operations.collect import campaigns
from service.store import records

PROJECT = "/desk/projects/project-1"
NEW_PROJECT, SITES, TARGETS = "/desk/administration/new-project", f"{PROJECT}/sites", f"{PROJECT}/targets"
CAMPAIGN = f"{PROJECT}/campaigns/new/copenhagen-housing/1"


@pytest.fixture
def city(app):
    make_project()


def plain(answer):
    return unescape(re.sub(r"<[^>]*>", " ", answer.text))


def test_a_project_is_opened_and_changed(app, city):
    admin = Desk(app, "admin")
    page = admin.open(NEW_PROJECT).text
    assert 'value="provider-org"' in page
    parts = {part: f"{part}-org" for part in ("authority", "purchaser", "provider", "evaluator")}
    wrong = admin.send(NEW_PROJECT, name="Canteen", **parts, starts_on="2026-05-01", ends_on="2026年4月1日")
    assert wrong.status_code == 422
    assert re.search(r'id="f-ends_on-error">This ends before it starts.', wrong.text)
    assert admin.send(NEW_PROJECT, ends_on="2027年4月30日", service_class="3").status_code == 303
    [made] = records.find(Project, name="Canteen")
    assert (str(made.ends_on), made.service_class, made.funding_type, made.witness) == ("2027-04-30", 3, "public", "")
    change = f"/desk/projects/{made.id}/change"
    admin.open(change)
    assert admin.send(change, funding_type="other").status_code == 422  # the measures would not apply
    assert admin.send(change, basis="by_reference").status_code == 303
    assert (records.get(Project, made.id).basis, records.get(Project, made.id).version) == ("by_reference", 2)


def test_a_site_keeps_its_sessions_with_chinas_times(app, city):
    admin = Desk(app, "admin")
    page = f"{SITES}/east"
    assert admin.open(f"{SITES}/new").status_code == 200
    admin.open(page)
    more = admin.send(page, button=[("_more", "sessions")], address="Long road 1")
    assert more.status_code == 200
    assert 'name="sessions.4.id"' in more.text
    assert "Long road 1" in more.text
    given = {"sessions__4__id": "s1", "sessions__4__name": "Morning"}
    half = admin.send(page, **given, sessions__4__starts_at="2026-06-01T09:00")
    assert half.status_code == 422
    assert "Sessions, row 1: Ends at" in half.text
    assert 'id="f-sessions.0.ends_at-error"' in half.text
    assert (
        admin.send(page, sessions__0__ends_at="2026-06-01 10:30", latitude="31.2", longitude="121.4").status_code == 303
    )
    [session] = records.get(Site, "east").sessions
    assert session["starts_at"].isoformat().startswith("2026-06-01T01:00")
    listed = plain(admin.open(SITES))
    assert "2026-06-01 10:30" in listed
    admin.open(page)
    assert admin.send(
        page, sessions__0__id="", sessions__0__name="", sessions__0__starts_at="", sessions__0__ends_at=""
    )
    assert records.get(Site, "east").sessions == ()


def test_the_evaluator_enters_sites_and_sessions_of_its_own_projects_only(app, city):
    evaluator = Desk(app, "evaluator")
    assert "New site" in evaluator.open(SITES).text
    evaluator.open(f"{SITES}/new")
    row = {"sessions__0__id": "s1", "sessions__0__name": "Morning"}
    assert evaluator.send(f"{SITES}/new", name="North hall", **row).status_code == 303
    [made] = records.find(Site, project="project-1", name="North hall")
    assert made.id not in plain(evaluator.open(SITES))  # people read names
    stranger = Desk(app, "evaluator", "other-org")
    assert stranger.open(f"{SITES}/{made.id}").status_code == 404
    provider = Desk(app, "provider")
    assert "New site" not in provider.open(SITES).text
    assert provider.open(f"{SITES}/new").status_code == 403


def test_two_who_move_one_session_see_both_times(app, city):
    one, other = Desk(app, "admin"), Desk(app, "admin")
    page = f"{SITES}/west"
    one.open(page)
    other.open(page)
    row = {"sessions__0__id": "s1", "sessions__0__name": "Morning"}
    assert other.send(page, **row).status_code == 303
    late = one.send(page, sessions__0__id="s2", sessions__0__name="Evening")
    assert late.status_code == 412
    assert "s1 · Morning" in late.text
    assert "s2 · Evening" in late.text
    assert one.send(page, **{"_take.sessions": "theirs"}).status_code == 303
    assert [session["id"] for session in records.get(Site, "west").sessions] == ["s1"]


def test_targets_are_changed_with_a_reason_and_keep_what_they_were(app, city):
    purchaser = Desk(app, "purchaser")
    purchaser.open(f"{TARGETS}/new")
    zero = purchaser.send(f"{TARGETS}/new", counter="G14", target="0", unit="visits")
    assert zero.status_code == 422
    assert 'id="f-target-error"' in zero.text
    assert purchaser.send(f"{TARGETS}/new", target="1,200").status_code == 303
    [target] = records.find(ContractTarget, project="project-1")
    page = f"{TARGETS}/{target.id}"
    purchaser.open(page)
    assert purchaser.send(page, target="1300").status_code == 422
    assert purchaser.send(page, reason="Amendment 1").status_code == 303
    assert str(records.get(ContractTarget, target.id).target) == "1300"
    shown = plain(Desk(app, "provider").open(TARGETS))
    assert "1300 visits" in shown
    assert "1200" in shown
    assert "Amendment 1" in shown


def test_a_scheme_is_published_with_its_faults_by_line(app, city):
    authority = Desk(app, "authority")
    page = "/desk/administration/publish-scheme"
    authority.open(page)
    broken = MIXED.replace("weight: 40", "weight: 41", 1)
    line = next(number for number, text in enumerate(broken.splitlines(), 1) if "weight: 41" in text)
    refused = authority.send(page, text=broken)
    assert refused.status_code == 422
    assert 'id="f-text-error"' in refused.text
    assert "Where the text has faults" in refused.text
    assert "weight: 41" in refused.text
    assert line
    assert authority.send(page, text=MIXED).status_code == 303
    [version] = records.find(SchemeVersion)
    assert version.text == MIXED
    shown = plain(Desk(app, "provider").open(f"/desk/schemes/{version.id}"))
    assert "What it leaves to be desired" in shown
    assert version.id in plain(Desk(app, "provider").open("/desk/schemes")) or version.scheme in shown


def test_a_project_adjusts_a_scheme_for_itself(app, city):
    authority, purchaser = Desk(app, "authority"), Desk(app, "purchaser")
    page = "/desk/administration/publish-scheme"
    authority.open(page)
    authority.send(page, text=MIXED)
    begun = purchaser.open(f"{PROJECT}/schemes/adjust?base=mixed")
    assert "extends: mixed" in begun.text
    text = (
        'extends: mixed\nid: own\nversion: "1"\ntitle: {zh-Hans: 项目方案, zh-Hant: 項目方案, en: The project}\n'
        "parameters: {objection_days: 7}\n"
    )
    assert purchaser.send(f"{PROJECT}/schemes/adjust", text=text).status_code == 422
    assert purchaser.send(f"{PROJECT}/schemes/adjust", reason="Contract").status_code == 303
    assert "objection_days" in plain(purchaser.follow())
    assert "own" in plain(Desk(app, "evaluator").open(f"{PROJECT}/schemes"))
    assert Desk(app, "evaluator", "elsewhere").open("/desk/schemes/own@1").status_code == 404


def test_a_campaign_is_drafted_opened_and_closed(app, city):
    publish()
    desk = Desk(app, "evaluator")
    assert CAMPAIGN in desk.open(f"{PROJECT}/campaigns/new").text
    desk.open(CAMPAIGN)
    sent = {
        "name": "Spring",
        "sites": ["east", "west"],
        "opens_at": "2026-03-01T09:00",
        "closes_at": "2126-03-01T09:00",
    }
    assert desk.send(CAMPAIGN, **sent).status_code == 303
    [drafted] = records.find(Campaign, project="project-1")
    assert drafted.opens_at.isoformat().startswith("2026-03-01T01:00")
    assert drafted.languages == ("zh-Hans", "zh-Hant", "en")
    opening, settings = (f"/desk/campaigns/{drafted.id}/{name}" for name in ("open", "settings"))
    desk.open(opening)
    missing = desk.send(opening)
    assert missing.status_code == 422
    assert '<a href="#f-notice.purpose.en">What the answers are for (English)</a>' in missing.text
    texts = {
        f"notice.{fact}.{code}": text for fact, by in NOTICE.items() if fact != "phone" for code, text in by.items()
    }
    provider = desk.send(settings, **texts, **{"notice.phone": "020-99999"})
    assert provider.status_code == 303
    desk.open(opening)
    assert "This is the provider's number." in unescape(desk.send(opening).text)
    assert desk.send(settings, **{"notice.phone": "020-12345"}).status_code == 303
    desk.open(opening)
    assert desk.send(opening).status_code == 303
    assert campaigns.state(drafted.id) == "open"
    assert "An opened campaign stays as it is." in desk.open(settings).text
    closing = f"/desk/campaigns/{drafted.id}/close"
    assert "Nobody can open it again." in desk.open(closing).text
    assert desk.send(closing).status_code == 303
    assert campaigns.state(drafted.id) == "final"
    begun = desk.open(CAMPAIGN).text
    assert "Civil affairs bureau (test)" in begun  # what was told last time


ADMINS = (NEW_PROJECT, f"{PROJECT}/change")
EDITED_SITES = (f"{SITES}/new", f"{SITES}/east")
EVALUATORS = {f"{PROJECT}/campaigns/new", f"{TARGETS}/new", TARGETS, SITES, *EDITED_SITES, f"{PROJECT}/schemes"}


@pytest.mark.parametrize(
    ("role", "organisation", "allowed"),
    [
        ("evaluator", "", EVALUATORS),
        ("purchaser", "", {f"{TARGETS}/new", TARGETS, SITES, f"{PROJECT}/schemes", f"{PROJECT}/schemes/adjust"}),
        ("provider", "", {TARGETS, SITES, f"{PROJECT}/schemes"}),
        ("evaluator", "elsewhere", set()),
        ("purchaser", "elsewhere", set()),
    ],
)
def test_each_role_has_its_own_pages_of_its_own_projects(app, city, role, organisation, allowed):
    desk = Desk(app, role, organisation)
    paths = (
        *(*ADMINS, *EDITED_SITES),
        *(f"{PROJECT}/campaigns/new", f"{TARGETS}/new", TARGETS, SITES),
        *(f"{PROJECT}/schemes", f"{PROJECT}/schemes/adjust"),
    )
    found = {path: desk.open(path).status_code for path in paths}
    assert {path for path, status in found.items() if status == 200} == allowed
    assert set(found.values()) <= {200, 403, 404}
