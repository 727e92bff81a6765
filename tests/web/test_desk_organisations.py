"""The desk's pages of organisations, users, signatories, calendars and the own account; and the API beside them."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from accounts import As, refusal, within_one_window
from at_desk import Desk

from service.domain.deadlines import Year
from service.domain.organisations import Organisation, Token, User
from service.domain.procedure.feed_tokens import FeedToken
from service.domain.procedure.publications import Signatories
from service.operations import limits, organisations
from service.store import journal, records

OLD, NEW = "correct horse battery", "staple of another kind"
SWITCH_OFF, ROLES, PASSWORD = ("/desk/users/u-1/" + name for name in ("switch-off", "roles", "password"))


@pytest.fixture
def admin(app):
    records.insert(Organisation("operator", "operator", "IT"))
    records.insert(Organisation("evaluator-org", "evaluator", "Evaluators", ("1",)))
    records.insert(User("u-1", "someone", "evaluator-org", ("evaluator",), organisations._hasher.hash(OLD)))
    return Desk(app, "admin")


def sign_in(password, username="someone"):
    return organisations.sign_in(username, password, datetime.now(UTC), "192.0.2.7")[0]


def names(scope):
    return [entry.act for entry in journal.entries(scope)]


def test_an_edit_that_came_late_shows_both_sides_and_saves_what_was_chosen(admin, app):
    page = "/desk/organisations/evaluator-org"
    mine = admin.open(page)
    other = Desk(app, "admin")
    other.open(page)
    assert other.send(page, name="Evaluators of the city").status_code == 303
    admin.page = mine
    late = admin.send(page, phones="1\n2")
    assert late.status_code == 412
    text = unescape(late.text)
    assert "Somebody else saved this meanwhile" in text
    # Only they changed the name, only I the numbers: each change stands chosen, and nothing is saved yet.
    assert re.search(r'name="_take.name" value="theirs" required checked.*?Evaluators of the city', text, re.S)
    assert re.search(r'name="_take.phones" value="yours" checked', text)
    assert records.get(Organisation, "evaluator-org").phones == ("1",)
    assert admin.send(page).status_code == 303
    saved = records.get(Organisation, "evaluator-org")
    assert (saved.name, saved.phones, saved.version) == ("Evaluators of the city", ("1", "2"), 3)


def test_where_both_have_changed_one_field_nothing_is_presumed(admin, app):
    page = "/desk/organisations/evaluator-org"
    mine = admin.open(page)
    other = Desk(app, "admin")
    other.open(page)
    other.send(page, name="Theirs")
    admin.page = mine
    late = admin.send(page, name="Mine").text
    assert "_take.name" in late
    assert not re.search(r'name="_take.name"[^>]*checked', late)
    assert admin.send(page, **{"_take.name": "yours"}).status_code == 303
    assert records.get(Organisation, "evaluator-org").name == "Mine"


def test_roles_suit_the_organisation_and_are_journalled(admin):
    page = admin.open(ROLES).text
    assert set(re.findall(r'name="roles" value="(\w+)"', page)) == {"evaluator", "auditor", "interviewer", "scorer"}
    assert admin.send(ROLES, roles=["auditor", "scorer"]).status_code == 303
    assert records.get(User, "u-1").roles == ("auditor", "scorer")
    admin.open(ROLES)
    refused = admin.send(ROLES, roles="purchaser")
    assert refused.status_code == 422
    assert "f-roles-error" in refused.text
    assert names("organisation:evaluator-org") == ["user.roles_changed"]


def test_a_password_that_is_set_anew_ends_all_sessions_and_is_told_nowhere(admin):
    token = sign_in(OLD)
    admin.open(PASSWORD)
    answer = admin.send(PASSWORD, password=NEW)
    assert answer.status_code == 303
    assert records.find(Token, user="u-1") == []
    assert records.get(Token, organisations._token_hash(token)) is None
    assert sign_in(NEW)
    entries = list(journal.entries("organisation:evaluator-org"))
    assert [entry.act for entry in entries] == ["user.password_reset"]
    assert entries[0].details == {}


def test_whoever_knows_the_old_password_changes_it_and_other_sessions_end(admin, app):
    here, elsewhere = sign_in(OLD), sign_in(OLD)
    desk = Desk(app, "evaluator")
    desk.client.set_cookie("minyi_session", here, path="/desk")
    desk.open("/desk/account/password")
    wrong = desk.send("/desk/account/password", old="something else", password=NEW)
    assert wrong.status_code == 422
    assert re.search(r'id="f-old-error">This is not the present password.', wrong.text)
    assert NEW not in wrong.text
    short = desk.send("/desk/account/password", old=OLD, password="short")
    assert re.search(r'id="f-password-error">This is shorter than 12 characters.', short.text)
    assert desk.send("/desk/account/password", old=OLD, password=NEW).status_code == 303
    assert "Everywhere else you are signed out." in desk.follow().text
    assert [one.id for one in records.find(Token, user="u-1")] == [organisations._token_hash(here)]
    assert organisations._token_hash(elsewhere) != organisations._token_hash(here)
    assert names("organisation:evaluator-org") == ["user.password_changed"]


def test_wrong_old_passwords_are_slowed(admin, app):
    desk = Desk(app, "evaluator")
    desk.client.set_cookie("minyi_session", sign_in(OLD), path="/desk")
    desk.open("/desk/account/password")
    within_one_window()
    found = [
        desk.send("/desk/account/password", old="wrong", password=NEW).status_code for _ in range(limits.FREE_TRIES + 1)
    ]
    assert found == [422] * limits.FREE_TRIES + [429]


def test_the_last_administrator_stays(admin):
    [me] = records.find(User, organisation="operator")
    page = f"/desk/users/{me.id}/switch-off"
    admin.open(page)
    refused = admin.send(page)
    assert refused.status_code == 409
    assert "This is the last administrator." in refused.text
    assert records.get(User, me.id).active


def test_signatories_are_chosen_among_the_accounts_of_the_organisation(admin):
    records.insert(User("u-2", "head", "evaluator-org", ("evaluator",), "none"))
    page = "/desk/organisations/evaluator-org/signatories"
    shown = admin.open(page).text
    assert "someone" in shown
    assert "operator" not in shown
    assert admin.send(page, office_heads="u-1", unit_heads="u-2").status_code == 303
    assert records.get(Signatories, "evaluator-org") == Signatories("evaluator-org", ("u-1",), ("u-2",), 1)
    admin.open(page)
    assert admin.send(page, unit_heads=None).status_code == 303
    assert records.get(Signatories, "evaluator-org").unit_heads == ()


def test_a_year_is_entered_and_its_slips_are_named_by_row(admin):
    page = "/desk/calendars/2027"
    admin.open(page)
    slip = admin.send(page, source="State Council 1/2027", csv="date,day\n2027-01-01,off\n2027-01-02,off\n")
    assert slip.status_code == 422
    assert "row 3: 2027-01-02 is on a weekend anyway" in slip.text
    assert 'id="f-csv-error"' in slip.text
    assert admin.send(page, csv="date,day\n2027-01-01,off\n").status_code == 303
    assert records.get(Year, "2027").days == {"2027-01-01": False}
    assert "2027-01-01,off" in admin.open(page).text
    assert admin.open("/desk/calendars").status_code == 200


def test_the_address_of_a_feed_is_shown_once_and_can_be_revoked(app):
    records.insert(Organisation("purchaser-org", "purchaser", "Purchaser"))
    desk = Desk(app, "purchaser")
    desk.open("/desk/account")
    issued = desk.send("/desk/account/feed", language="zh-Hant")
    address = re.search(r'<code class="whole">http://[^/]+(/[^<]+)</code>', issued.text)[1]
    assert desk.client.get(address).status_code == 200
    assert address not in desk.open("/desk/account").text
    [feed] = records.find(FeedToken)
    assert feed.language == "zh-Hant"
    assert desk.send(f"/desk/account/feed/{feed.id}/revoke").status_code == 303
    assert desk.client.get(address).status_code == 404


@pytest.mark.parametrize("role", ["authority", "evaluator", "provider", "scorer"])
def test_only_the_administrator_keeps_accounts_and_calendars(app, admin, role):
    desk = Desk(app, role)
    paths = ("/desk/organisations/evaluator-org", "/desk/users/u-1", SWITCH_OFF, ROLES, PASSWORD, "/desk/calendars")
    more = ("/desk/organisations/evaluator-org/signatories", "/desk/calendars/2027")
    assert {desk.open(path).status_code for path in (*paths, *more)} == {403}


def test_the_api_does_the_same(admin, client):
    api = As(client, "admin")
    organisation = {"kind": "evaluator", "name": "New name", "phones": ["3"]}
    changed = api.put("/organisations/evaluator-org", organisation, 1)
    assert (changed.status_code, changed.json["name"], changed.headers["ETag"]) == (200, "New name", '"2"')
    assert api.get("/organisations/evaluator-org").json == changed.json
    refusal(api.put("/organisations/evaluator-org", organisation, 1), 412, "stale")
    refusal(api.put("/organisations/evaluator-org", organisation | {"kind": "provider"}, 2), 422, "invalid")
    assert api.put("/users/u-1/roles", {"roles": ["auditor"]}, 1).json["roles"] == ["auditor"]
    refusal(api.put("/users/u-1/roles", {"roles": ["admin"]}, 2), 422, "invalid")
    refusal(api.put("/users/u-1/password", {"password": "short"}, 2), 422, "invalid")
    assert api.put("/users/u-1/password", {"password": NEW}, 2).headers["ETag"] == '"3"'
    assert api.get("/users/u-1").json["version"] == 3
    me = {"Authorization": f"Bearer {sign_in(NEW)}"}
    own = {"old": NEW, "password": OLD}
    assert client.put("/api/v1/me/password", json=own, headers=me).status_code == 204
    refusal(client.put("/api/v1/me/password", json=own, headers=me), 422, "invalid")
    refusal(As(client, "evaluator").put("/users/u-1/password", {"password": NEW}, 4), 403, "forbidden")
