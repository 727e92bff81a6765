"""The OData feed: described as it is, walked to its end page by page, read-only, and closed to everybody else."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
from accounts import token_of
from defusedxml.ElementTree import fromstring
from demo_round import DemoRound, make_city
from factories import EVALUATOR, NOW
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.domain.access import Actor
from service.domain.errors import Refused
from service.operations import organisations, read_tokens
from service.operations.collect import releases
from service.operations.collect.releases import ReleaseRequest
from service.operations.evaluate import results
from service.store.collect import responses as stored
from service.web.odata import filters, queries
from service.web.odata.model import BOOLEAN, DECIMAL, MOMENT, WHOLE, EntitySet, Property

CAMPAIGN, ROUND = "/odata/campaigns/campaign-1/", "/odata/rounds/round-1/"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
PYTHON = {
    "Edm.String": str,
    "Edm.Int32": int,
    "Edm.Decimal": (int, float),
    "Edm.DateTimeOffset": str,
    "Edm.Boolean": bool,
}


class Reader:
    """A spreadsheet: any user name, a read token as the password."""

    def __init__(self, client: FlaskClient, role: str, organisation: str = "") -> None:
        signed_in: Actor = organisations.actor_of(token_of(role, organisation), datetime.now(UTC))
        self.client, self.actor = client, signed_in
        self.token, self.kept = read_tokens.make(signed_in, datetime.now(UTC), "Spreadsheet")

    def get(self, path: str) -> TestResponse:
        given = base64.b64encode(f"anybody:{self.token}".encode()).decode()
        return self.client.get(path, headers={"Authorization": f"Basic {given}"})

    def walk(self, path: str) -> Iterator[dict]:
        """Every page from here on by its nextLink."""
        while path:
            page = self.get(path)
            assert page.status_code == 200, page.text
            assert page.mimetype == "application/json"
            body = page.get_json()
            yield body
            following = urlsplit(body.get("@odata.nextLink", ""))
            path = f"{following.path}?{following.query}" if following.path else ""

    def rows(self, path: str) -> list[dict]:
        return [row for page in self.walk(path) for row in page["value"]]


@pytest.fixture(scope="module")
def city(_app: Flask) -> DemoRound:
    made = make_city()
    request = ReleaseRequest("release-1", tables=(("site",),))
    releases.make(EVALUATOR, made.campaign.campaign.closes_at + timedelta(days=1), "campaign-1", request)
    results.freeze(EVALUATOR, NOW, made.round)
    return made


@pytest.fixture
def client(_app: Flask, city: DemoRound) -> FlaskClient:
    return _app.test_client()


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 4)


def odata_error(response: TestResponse, status: int, code: str) -> dict:
    assert response.status_code == status, response.text
    assert response.headers["OData-Version"] == "4.0"
    error = response.get_json()["error"]
    assert error["code"] == code
    assert error["message"]
    return error


def types_of(client: Reader, root: str) -> dict[str, dict[str, Element]]:
    """Set -> property -> its description, after the metadata was found to hold together."""
    answer = client.get(f"{root}$metadata")
    assert answer.mimetype == "application/xml"
    document = fromstring(answer.data)
    assert document.tag == "{http://docs.oasis-open.org/odata/ns/edmx}Edmx"
    assert document.get("Version") == "4.0"
    [schema] = document.iter(f"{EDM}Schema")
    kinds = {f"{schema.get('Namespace')}.{one.get('Name')}": one for one in schema.iter(f"{EDM}EntityType")}
    found = {}
    for one in schema.iter(f"{EDM}EntitySet"):
        kind = kinds[one.attrib["EntityType"]]
        properties = {each.attrib["Name"]: each for each in kind.iter(f"{EDM}Property")}
        [key] = [each.attrib["Name"] for each in kind.iter(f"{EDM}PropertyRef")]
        assert properties[key].get("Nullable") == "false"
        assert {each.get("Type") for each in properties.values()} <= set(PYTHON)
        found[one.attrib["Name"]] = properties
    return found


@pytest.mark.parametrize("root", ["/odata/", CAMPAIGN, ROUND])
def test_rows_are_as_the_metadata_says_and_each_comes_once(client: FlaskClient, small_pages: None, root: str):
    them = Reader(client, "evaluator")
    document = them.get(root).get_json()
    assert document["@odata.context"] == f"http://127.0.0.1:8000{root}$metadata"
    described = types_of(them, root)
    assert {one["name"] for one in document["value"]} == set(described)
    for name, properties in described.items():
        pages = list(them.walk(f"{root}{name}?$count=true"))
        rows = [row for page in pages for row in page["value"]]
        assert rows, name
        assert all(len(page["value"]) <= 4 for page in pages)
        assert pages[0]["@odata.count"] == len(rows) == int(them.get(f"{root}{name}/$count").text)
        key = next(one for one in ("Row", "Id") if one in properties and properties[one].get("Nullable") == "false")
        assert len({row[key] for row in rows}) == len(rows)
        for row in rows:
            assert list(row) == list(properties)
            for column, value in row.items():
                kind = properties[column]
                assert value is not None or kind.get("Nullable") == "true", (name, column)
                assert value is None or isinstance(value, PYTHON[kind.attrib["Type"]]), (name, column, value)


def test_responses_are_the_sealed_answers(client: FlaskClient, small_pages: None):
    rows = Reader(client, "evaluator").rows(f"{CAMPAIGN}Responses")
    kept = {one.final_id: one for one in stored.each("campaign-1")}
    assert [row["Id"] for row in rows] == sorted(kept)
    for row in rows:
        assert row["satisfaction"] == kept[row["Id"]].answers["satisfaction"]
        assert row["Hour"] == kept[row["Id"]].hour


def test_figures_are_those_of_the_api(client: FlaskClient):
    them = Reader(client, "evaluator")
    whole = them.rows(f"{CAMPAIGN}Figures?$filter=Site eq null")[0]
    bearer = {"Authorization": f"Bearer {token_of('evaluator')}"}
    api = client.get("/api/v1/campaigns/campaign-1/satisfaction", headers=bearer).get_json()["groups"][0]["estimate"]
    for name, told in (("Satisfied", "satisfied"), ("Index", "index"), ("Rate", "rate"), ("N", "n")):
        assert whole[name] == pytest.approx(float(api[told]), abs=1e-12)


def test_options_choose_rows_and_columns(client: FlaskClient, small_pages: None):
    them = Reader(client, "evaluator")
    every = them.rows(f"{CAMPAIGN}Responses")
    path = f"{CAMPAIGN}Responses"
    assert them.rows(f"{path}?$top=7") == every[:7]
    assert them.rows(f"{path}?$skip=5") == every[5:]
    assert them.rows(f"{path}?$skip=5&$top=9") == every[5:14]
    assert them.rows(f"{path}?$top=0") == []
    assert them.rows(f"{path}?$select=Id,Site") == [{"Id": row["Id"], "Site": row["Site"]} for row in every]
    east = [row for row in every if row["Site"] == "east"]
    assert 0 < len(east) < len(every)
    assert them.rows(f"{path}?$filter=Site eq 'east'") == east
    assert them.rows(f"{path}?$filter=Site eq 'east'&$skip=3&$top=5") == east[3:8]
    counted = next(them.walk(f"{path}?$filter=Site eq 'east'&$count=true&$top=2"))
    assert counted["@odata.count"] == len(east)
    assert int(them.get(f"{path}/$count?$filter=Site eq 'east'").text) == len(east)


def test_a_page_looks_at_a_bounded_number_of_rows(client: FlaskClient, small_pages: None, monkeypatch):
    monkeypatch.setattr(queries, "SCANNED", 8)
    them = Reader(client, "evaluator")
    last = them.rows(f"{CAMPAIGN}Responses")[-1]
    pages = list(them.walk(f"{CAMPAIGN}Responses?$filter=Id eq '{last['Id']}'"))
    assert [row for page in pages for row in page["value"]] == [last]
    assert len(pages) > 2
    assert [bool(page["value"]) for page in pages].count(True) == 1


@pytest.mark.parametrize(
    "query",
    [
        "$top=x",
        "$top=-1",
        "$skip=1.5",
        "$count=yes",
        "$format=atom",
        "$select=Nothing",
        "$skiptoken=nonsense",
        "$skiptoken=zz..0",
        "$filter=Site",
        "$filter=Site eq",
        "$filter=Nothing eq 'x'",
        "$filter=Site eq 5",
        "$filter=Site gt null",
        "$filter=contains(DurationClass,'x')",
        "$filter=(Site eq 'east'",
        "$filter=Site eq 'east' Site eq 'west'",
        "$filter=Site eq 'east'; drop",
        "$filter=" + "(" * 60 + "Site eq 'x'" + ")" * 60,
        "$filter=Site eq '" + "x" * 3000 + "'",
    ],
)
def test_what_cannot_be_read_is_refused_by_name(client: FlaskClient, query: str):
    error = odata_error(Reader(client, "evaluator").get(f"{CAMPAIGN}Responses?{query}"), 400, "query_invalid")
    assert query.partition("=")[0] in error["message"]


@pytest.mark.parametrize("option", ["$orderby=Site", "$expand=Site", "$search=x", "$apply=x", "$compute=x"])
def test_what_is_not_supported_is_said(client: FlaskClient, option: str):
    odata_error(Reader(client, "evaluator").get(f"{CAMPAIGN}Responses?{option}"), 501, "query_unsupported")


def test_only_a_live_read_token_opens_the_feed(client: FlaskClient):
    them = Reader(client, "evaluator")
    session = token_of("evaluator")
    wrong = [
        {},
        {"Authorization": f"Bearer {them.token}"},
        {"Authorization": "Basic !!!"},
        {"Authorization": f"Basic {base64.b64encode(b'anybody:').decode()}"},
        {"Authorization": f"Basic {base64.b64encode(f'anybody:{session}'.encode()).decode()}"},
        {"Authorization": f"Basic {base64.b64encode(f'{them.token}:x'.encode()).decode()}"},
        {"Cookie": f"minyi_session={session}"},
    ]
    for headers in wrong:
        refused = client.get(f"{CAMPAIGN}Responses", headers=headers)
        odata_error(refused, 401, "unauthenticated")
        assert refused.headers["WWW-Authenticate"] == 'Basic realm="Minyi", charset="UTF-8"'
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {them.token}"}).status_code == 401
    assert them.get(f"{CAMPAIGN}Responses").status_code == 200
    read_tokens.revoke(them.actor, datetime.now(UTC), them.kept.id)
    odata_error(them.get(f"{CAMPAIGN}Responses"), 401, "unauthenticated")


def test_nothing_is_changed_by_the_feed(client: FlaskClient):
    them = Reader(client, "evaluator")
    given = {"Authorization": f"Basic {base64.b64encode(f'x:{them.token}'.encode()).decode()}"}
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        odata_error(client.open(f"{CAMPAIGN}Responses", method=method, headers=given), 405, "method_not_allowed")


def test_each_reader_gets_what_its_maker_may_read(client: FlaskClient):
    for role in ("purchaser", "provider"):
        them = Reader(client, role)
        names = [one["name"] for one in them.get(CAMPAIGN).get_json()["value"]]
        assert names == (["Codebook", "Releases"] if role == "purchaser" else ["Releases"])
        assert set(types_of(them, CAMPAIGN)) == set(names)
        odata_error(them.get(f"{CAMPAIGN}Responses"), 403, "forbidden")
        odata_error(them.get(f"{CAMPAIGN}Figures"), 403, "forbidden")
        rows = them.rows(f"{CAMPAIGN}Releases")
        assert {row["Release"] for row in rows} == {1}
        assert all(row["Item"] is None for row in rows) == (role == "provider")
        assert them.rows(f"{ROUND}Results") == []  # nobody else knows of it before the round is reported
    stranger = Reader(client, "evaluator", "another-org")
    for path in (CAMPAIGN, f"{CAMPAIGN}Responses", f"{CAMPAIGN}$metadata", ROUND, f"{ROUND}Nodes"):
        odata_error(stranger.get(path), 404, "not_found")
    assert stranger.rows("/odata/Campaigns") == stranger.rows("/odata/Rounds") == []
    odata_error(Reader(client, "evaluator").get(f"{CAMPAIGN}Nothing"), 404, "not_found")


KINDS = EntitySet(
    "Kinds",
    (
        Property("Text"),
        Property("Whole", WHOLE),
        Property("Part", DECIMAL),
        Property("At", MOMENT),
        Property("Yes", BOOLEAN),
    ),
    "Whole",
    lambda: None,
)
ROW = {"Text": "it's 5 o'clock", "Whole": 5, "Part": Decimal("0.25"), "At": "2026-03-02T09:00:00+00:00", "Yes": True}
NOTHING = dict.fromkeys(ROW)
FILTERS = [
    ("Text eq 'it''s 5 o''clock'", True, False),
    ("Text ne 'x'", True, True),
    ("contains(Text,'clock')", True, False),
    ("startswith(Text,'it') and endswith(Text,'x')", False, False),
    ("Whole eq 5", True, False),
    ("Whole gt 4 and Whole lt 6", True, False),
    ("Whole ge 6 or Whole le 4", False, False),
    ("not (Whole eq 5)", False, True),
    ("Part eq 0.25", True, False),
    ("Part lt 0.3 or Whole eq 7 and Whole eq 8", True, False),
    ("At ge 2026-03-02T17:00:00+08:00", True, False),
    ("At gt 2026-03-02T09:00:00Z", False, False),
    ("Yes eq true", True, False),
    ("Yes eq false", False, False),
    ("Text eq null", False, True),
    ("Text ne null", True, False),
]


@pytest.mark.parametrize(("text", "of_row", "of_nothing"), FILTERS)
def test_filters(text: str, of_row: bool, of_nothing: bool):
    test = filters.parse(text, KINDS)
    assert (test(ROW), test(NOTHING)) == (of_row, of_nothing)


def test_a_time_that_is_none_is_refused():
    with pytest.raises(Refused) as refused:
        filters.parse("At eq 2026-13-41T09:00:00Z", KINDS)
    assert refused.value.reason == "query_invalid"
