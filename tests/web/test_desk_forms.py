"""The one form mechanism of the desk, shown by the pages of organisations and users; and its parts by themselves."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from at_desk import Desk
from werkzeug.datastructures import MultiDict

from schemas.projects import SiteSchema
from service.domain.errors import Refused
from service.domain.organisations import Organisation, User
from service.store import records
from service.web.pages import typed
from service.web.pages.desk.form_values import Field, posted, shown_texts
from service.web.pages.desk.forms import Form


@pytest.fixture
def admin(app):
    records.insert(Organisation("operator", "operator", "IT"))
    return Desk(app, "admin")


def test_a_form_saves_once_and_says_so_once(admin):
    admin.open("/desk/organisations/new")
    answer = admin.send(
        "/desk/organisations/new", name="  Street office ", kind="purchaser", phones="12345\r\n\r\n 678 "
    )
    assert answer.status_code == 303
    [made] = records.find(Organisation, kind="purchaser")
    assert (made.name, made.phones) == ("Street office", ("12345", "678"))
    page = admin.follow()
    assert '<p class="fine" role="status">Saved.</p>' in page.text
    assert "Street office" in page.text
    assert 'role="status"' not in admin.open("/desk/organisations").text


def test_pressing_twice_makes_one(admin):
    page = admin.open("/desk/organisations/new")
    for _ in range(2):
        admin.page = page
        assert admin.send("/desk/organisations/new", name="One", kind="provider").status_code == 303
    assert len(records.find(Organisation, kind="provider")) == 1


def test_what_is_wrong_stands_beside_its_field_and_on_top_with_what_was_typed(admin):
    admin.open("/desk/users/new")
    answer = admin.send(
        "/desk/users/new", username="A", password="short", organisation="operator", roles=["admin", "provider"]
    )
    assert answer.status_code == 422
    page = answer.text
    assert "<title>Error: New user" in page
    for name in ("username", "password", "roles"):
        assert f'<a href="#f-{name}">' in page
        assert re.search(rf'id="f-{name}-error">[^<]+', page)
    assert re.search(r'aria-describedby="f-username-hint f-username-error"', page)
    assert re.search(r'id="f-username" name="username" value="A"', page)
    assert "short" not in re.sub("shorter", "", page)  # a password never comes back
    assert 'value="operator" selected' in page
    assert records.find(User, organisation="operator", username="A") == []


def test_invisible_characters_are_refused_beside_their_field_and_gone_from_what_is_shown_again(admin):
    admin.open("/desk/organisations/new")
    page = admin.send("/desk/organisations/new", name="Str\x00eet\u202e office", kind="pro\x00vider")
    assert page.status_code == 422
    assert re.search(r'id="f-name-error">This contains control characters', page.text)
    assert 'value="Street office"' in page.text
    assert not {"\x00", "\u202e"} & set(page.text)
    assert records.find(Organisation, name="Street office") == []


def test_errors_speak_the_readers_language(app):
    for language, words in (("zh-Hans", "必须填写"), ("zh-Hant", "必須填寫")):
        desk = Desk(app, "admin", language=language)
        desk.open("/desk/organisations/new")
        page = desk.send("/desk/organisations/new", name="", kind="provider")
        assert page.status_code == 422
        assert words in page.text
        assert "required" not in unescape(re.sub(r"<[^>]*>", "", page.text))


def test_a_form_of_another_session_is_refused(admin, app):
    other = Desk(app, "admin")
    other.open("/desk/organisations/new")
    admin.page = other.page
    assert admin.send("/desk/organisations/new", name="X", kind="provider").status_code == 403
    assert records.find(Organisation, kind="provider") == []


def test_an_account_is_switched_off_after_a_page_that_says_what_follows(admin):
    records.insert(User("u-1", "someone", "operator", ("admin",), "none"))
    assert "/desk/users" in admin.open("/desk/administration").text
    assert "/desk/users/u-1" in admin.open("/desk/users").text
    page = admin.open("/desk/users/u-1/switch-off")
    assert "signed out everywhere" in page.text
    assert admin.send("/desk/users/u-1/switch-off").status_code == 303
    assert records.get(User, "u-1").active is False
    admin.page = page  # an old page: the account has changed since
    assert admin.send("/desk/users/u-1/switch-off").status_code == 412
    assert "Switch on" in admin.open("/desk/users/u-1").text
    assert admin.send("/desk/users/u-1/switch-on").status_code == 303
    assert records.get(User, "u-1").active is True


@pytest.mark.parametrize("role", ["authority", "purchaser", "evaluator", "auditor", "provider", "witness", "scorer"])
def test_only_the_administrator_has_these_pages(app, role):
    desk = Desk(app, role)
    paths = ("/desk/administration", "/desk/organisations", "/desk/organisations/new", "/desk/users", "/desk/users/new")
    assert {desk.open(path).status_code for path in paths} == {403}


# --- The parts

SITE = Form(
    SiteSchema,
    (
        Field("name", "Name"),
        Field("latitude", "Latitude", "decimal"),
        Field("longitude", "Longitude", "decimal"),
        Field(
            "sessions",
            "Sessions",
            "rows",
            rows=(
                Field("id", "Id"),
                Field("name", "Name"),
                Field("starts_at", "Starts", "moment"),
                Field("ends_at", "Ends", "moment"),
            ),
        ),
    ),
)


def test_rows_are_read_without_the_empty_ones_and_times_are_chinas(app):
    typed_form = MultiDict(
        {
            "name": " North ",
            "latitude": "３１.２",
            "longitude": "121",
            "sessions.0.id": "",
            "sessions.3.id": "s1",
            "sessions.3.name": "Morning",
            "sessions.3.starts_at": "2026/5/31 9:30",
            "sessions.3.ends_at": "2026-05-31T11:00",
        }
    )
    values = SITE.read(posted(SITE.fields, typed_form))
    at = datetime(2026, 5, 31, 1, 30, tzinfo=UTC)
    assert values["sessions"] == [
        {"id": "s1", "name": "Morning", "starts_at": at, "ends_at": at.replace(hour=3, minute=0)}
    ]
    assert (values["name"], values["latitude"], values["longitude"]) == ("North", 31.2, 121.0)


def test_each_fault_names_the_cell_that_it_is_about(app):
    texts = {
        "name": "",
        "latitude": "95",
        "longitude": "",
        "sessions": [{"id": "a b", "name": "x", "starts_at": "noon", "ends_at": ""}],
    }
    with app.test_request_context(), pytest.raises(Refused) as caught:
        SITE.read(texts)
    found = {(fault.field, fault.reason) for fault in caught.value.faults}
    assert found == {
        ("name", "missing"),
        ("latitude", "out_of_range"),
        ("sessions.0.id", "only_characters"),
        ("sessions.0.starts_at", "not_a_moment"),
    }
    with app.test_request_context("/?lang=en"):
        shown = SITE.shown_typed(texts, caught.value.faults)
    assert (
        "f-sessions.0.starts_at",
        "Sessions, row 1: Starts",
        "Please give the time as 2026-05-31 18:00.",
    ) in shown.errors


def test_showing_and_reading_again_changes_nothing(app):
    stored = {
        "name": "North",
        "latitude": 31.25,
        "longitude": 121.5,
        "sessions": [{"id": "s1", "name": "M", "starts_at": "2026-05-31T01:30:15.250+00:00", "ends_at": None}],
    }
    texts = shown_texts(SITE.fields, stored)
    assert texts["sessions"][0]["starts_at"] == "2026-05-31T09:30:15.250"
    with app.test_request_context():
        read = SITE.read(texts)
    assert read["sessions"][0]["starts_at"] == datetime(2026, 5, 31, 1, 30, 15, 250_000, tzinfo=UTC)
    assert read["latitude"] == 31.25


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-05-31T18:00", "2026-05-31T18:00"),
        ("2026/5/31 8:05", "2026-05-31T08:05"),
        ("２０２６年5月31日 18:00", "2026-05-31T18:00"),
        ("2026-05-31", "2026-05-31"),
        ("tomorrow 18:00", "tomorrow 18:00"),
        ("31.5.2026 18:00", "31.5.2026 18:00"),
    ],
)
def test_times_as_people_type_them(text, read):
    assert typed.moment(text) == read
