"""Calendars over the API: everybody signed in may read them, the administrator enters them."""

from accounts import As, fields_named, refusal

TEXT = "date,day\n2027-01-01,off\n2027-02-06,work\n"
SENT = {"csv": TEXT, "source": "made up for a test"}


def test_a_year_is_entered_once_and_read_by_others(client):
    admin = As(client, "admin")
    provider = As(client, "provider")
    refusal(provider.get("/calendars/2027"), 404, "not_found")
    made = admin.put("/calendars/2027", SENT)
    assert (made.status_code, made.json["version"]) == (200, 1)
    assert made.json["days"] == {"2027-01-01": "off", "2027-02-06": "work"}
    assert admin.put("/calendars/2027", SENT).json["version"] == 1
    assert provider.get("/calendars/2027").json == made.json
    assert provider.get("/calendars/2026").json["version"] == 0


def test_others_may_not_enter_and_a_fault_names_its_row(client):
    refusal(As(client, "evaluator").put("/calendars/2027", SENT), 403, "forbidden")
    wrong = As(client, "admin").put("/calendars/2027", SENT | {"csv": TEXT + "2027-02-30,off\n"})
    assert fields_named(refusal(wrong, 422, "invalid")) == {"rows.4"}
