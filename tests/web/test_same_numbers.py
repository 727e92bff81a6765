"""One walk past every place where the same number is shown: API, pages, exports, feed, command, package, public page.

What a page must show is derived from the API's value by the page's own rounding, never copied from another page.
"""

import base64
import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import database
import openpyxl
import pytest
from accounts import As, token_of
from at_desk import Desk
from demo_round import answer
from factories import EVALUATOR, NOW, Opened, issue, make_campaign
from flask import Flask
from lxml import html
from outcomes import Person, final_round, lead_people, publish

from service.cli import satisfaction as command
from service.operations import organisations, read_tokens
from service.operations.collect import campaigns, seals
from service.web.pages.desk.words import number, percent, reason, word

CAMPAIGNS = ("campaign-1", "campaign-2")  # everybody asked, some silent: bounds; persons drawn at random: an interval
ALL = "all"  # the group of everybody
ENDS = ("lower", "upper")
TITLES = {
    "answered": "Answered",
    "n": "Valid answers",
    "issued": "Issued",
    "index": "Index",
    "satisfied": "Satisfied",
    "rate": "Response rate",
}
TITLES_OF_FEED = {name: name.title() for name in TITLES}
Rows = dict[str, list[str]]


@pytest.fixture(scope="module", autouse=True)
def city(_app: Flask) -> None:
    """A published round with answers, checks and scores, and a second campaign among persons drawn at random."""
    database.empty()
    campaigns.forget_views()
    made, _ = final_round()
    drawn = make_campaign("campaign-2")
    opened = Opened(campaigns.change_state(EVALUATOR, NOW, drawn.id, "open", drawn.version), made.campaign.key)
    for site, count in (("east", 20), ("west", 16)):
        opened.codes += issue(opened, count, site=site, distribution="drawn_persons")
    answer(opened, 0, 36)
    seals.seal(opened.id)
    Person(_app.test_client(), "evaluator", "evaluator")  # by whose rights the command reads
    publish(lead_people(_app.test_client()))


@pytest.fixture
def shown_by(_app: Flask) -> Flask:
    """The application with what `city` made still in its database."""
    return _app


@pytest.fixture
def api(_app: Flask) -> As:
    return As(_app.test_client(), "evaluator")


@pytest.fixture
def desk(_app: Flask) -> Desk:
    return Desk(_app, "evaluator")


def words(cell: Any) -> str:
    return " ".join(cell.text_content().split())


def table(page: str, id: str) -> Rows:
    """First cell -> the other cells, of body and foot of a table."""
    rows = html.fromstring(page).xpath(f"//table[caption[@id='{id}']]//tr[td]")
    assert rows, id
    cells = [[words(cell) for cell in row.xpath("./th|./td")] for row in rows]
    return {first: rest for first, *rest in cells}


def shown(markup: object) -> str:
    """What is read of a number with the exact one behind it."""
    return words(html.fragment_fromstring(f"<p>{markup}</p>"))


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def estimates(api: As, campaign: str) -> dict[str, dict[str, Any]]:
    """Site, or ALL -> the API's estimate."""
    [whole] = api.get(f"/campaigns/{campaign}/satisfaction").json["groups"]
    sites = api.get(f"/campaigns/{campaign}/satisfaction?by=site").json["groups"]
    return {ALL: whole["estimate"]} | {one["group"]["site"]: one["estimate"] for one in sites}


def same(value: object, told: object) -> None:
    """The same number, wherever it was written as text, as a float or left empty."""
    if told is None:
        assert value in (None, "")
    else:
        assert Decimal(str(value)) == pytest.approx(Decimal(str(told)), abs=Decimal("1e-9"))


def on_page(told: dict[str, Any]) -> list[str]:
    """Issued, answered, n, index, satisfied, interval, bounds and response rate as a page must show them."""

    def share(value: str | None, why: str) -> str:
        return reason(told["reasons"][why]) if value is None else shown(percent(Decimal(value)))

    def limits(name: str) -> str:
        pair = told[name]
        if pair is None:
            return reason(told["reasons"][name]) if name in told["reasons"] else "–"
        return "–".join(shown(percent(Decimal(pair[end]))) for end in ("lower", "upper"))

    index = told["index"]
    return [
        *(str(told[name]) for name in ("issued", "answered", "n")),
        reason(told["reasons"]["index"]) if index is None else shown(number(Decimal(index), 1)),
        share(told["satisfied"], "satisfied"),
        limits("interval"),
        limits("bounds"),
        share(told["rate"], "rate"),
    ]


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_satisfaction_is_the_same_on_both_pages(shown_by: Flask, api: As, desk: Desk, campaign: str) -> None:
    told = estimates(api, campaign)
    assert (told[ALL]["interval"] is None) == (campaign == "campaign-1")
    with shown_by.test_request_context(headers={"Accept-Language": "en"}):
        wanted = {site: on_page(one) for site, one in told.items()}
    figures = table(desk.open(f"/desk/campaigns/{campaign}").text, "t-figures-satisfaction")
    sites = table(desk.open(f"/desk/campaigns/{campaign}/sites").text, "t-groups")
    for name, site in (("All sites", ALL), ("East", "east"), ("West", "west")):
        assert figures[name][:8] == wanted[site]
        assert site == ALL or sites[name][:8] == wanted[site]


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_satisfaction_is_the_same_in_files_feed_and_command(api: As, campaign: str) -> None:
    told = estimates(api, campaign)
    path = f"/exports/campaigns/{campaign}/figures"
    text = {row["site"] or ALL: row for row in rows_of(api.get(path).data)}
    lines = api.get(f"{path}?format=jsonl").data.decode().splitlines()
    packed = {one["site"] or ALL: one for one in map(json.loads, lines)}
    sheet = sheet_of(api.get(f"{path}?format=xlsx&lang=en").data, "Figures")
    feed = {row["Site"] or ALL: row for row in fed(api, f"/odata/campaigns/{campaign}/Figures")}
    assert set(text) == set(packed) == set(sheet) == set(feed) == set(told) == {ALL, "east", "west"}
    for site, one in told.items():
        pairs = {f"{name}_{end}": (one[name] or {}).get(end) for name in ("interval", "bounds") for end in ENDS}
        for name in ("answered", "n", "issued", "index", "satisfied", "rate"):
            same(text[site][name], one[name])
            same(packed[site][name], one[name])
            same(sheet[site][TITLES[name]], one[name])
            same(feed[site][TITLES_OF_FEED[name]], one[name])
        for name, value in pairs.items():
            same(text[site][name], value)
            same(packed[site][name], value)
        assert text[site]["interval_reason"] == one["reasons"].get("interval", "")
    for by in ((), ("site",)):
        query = "?by=site" if by else ""
        assert said(campaign, by) == api.get(f"/campaigns/{campaign}/satisfaction{query}").json


def sheet_of(body: bytes, name: str) -> dict[str, dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(io.BytesIO(body))[name].iter_rows(values_only=True)
    return {str(row[0] or ALL): dict(zip(header, row, strict=True)) for row in rows}


def fed(api: As, path: str) -> list[dict[str, Any]]:
    """The rows of a set of the feed, as a spreadsheet reads them with a token of its own."""
    token, _ = read_tokens.make(organisations.actor_of(token_of("evaluator"), datetime.now(UTC)), NOW, "Spreadsheet")
    given = base64.b64encode(f"anybody:{token}".encode()).decode()
    answer = api.client.get(path, headers={"Authorization": f"Basic {given}"})
    assert answer.status_code == 200, answer.text
    return list(answer.json["value"])


def said(campaign: str, by: tuple[str, ...]) -> dict[str, Any]:
    """What `minyi satisfaction --json` prints."""
    asked = {"campaigns": (campaign,), "by": by, "where": (), "names": (), "compare": False, "project": None}
    how = {"scale": "satisfaction", "formula": "", "weights": (), "cluster": "", "interval": "wilson", "label": ""}
    return dict(json.loads(json.dumps(command._found(asked | how | {"username": "evaluator"}))))


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_counts_of_questions_are_the_same_on_page_and_in_files(api: As, desk: Desk, campaign: str) -> None:
    [group] = api.get(f"/campaigns/{campaign}/questions").json["groups"]
    told = {one["id"]: one for one in group["questions"]}
    page = desk.open(f"/desk/campaigns/{campaign}/questions").text
    for place, one in enumerate(told.values(), 1):
        rows = table(page, f"t-q-{place}")
        assert [int(cells[0].split()[0]) for cells in rows.values()][: len(one["counts"])] == [*one["counts"].values()]
        assert rows["Answered"] == [str(one["answered"])]
    wanted = {(id, code): count for id, one in told.items() for code, count in one["counts"].items()}
    path = f"/exports/campaigns/{campaign}/questions"
    text = {(row["question"], row["code"]): int(row["count"]) for row in rows_of(api.get(path).data)}
    lines = map(json.loads, api.get(f"{path}?format=jsonl").data.decode().splitlines())
    assert text == wanted == {(row["question"], row["code"]): row["count"] for row in lines}
    levels = next(iter(told.values()))["counts"]
    whole = table(desk.open(f"/desk/campaigns/{campaign}").text, "t-levels-satisfaction")["All sites"]
    assert whole == [*(str(count) for count in levels.values()), str(sum(levels.values()))]


def nodes(tree: dict[str, Any], below: str = "children") -> Iterator[dict[str, Any]]:
    for node in tree["standards"] if "standards" in tree else tree[below]:
        yield node
        yield from nodes(node, below)


def points(page: str) -> dict[str, str]:
    """Node -> points in the tables of the page."""
    found = html.fromstring(page).xpath("//tr[@data-node]")
    return {row.get("data-node"): words(row.xpath("./td[contains(@class, 'points')]")[0]) for row in found}


def test_points_of_a_round_are_the_same_everywhere(shown_by: Flask, api: As, desk: Desk) -> None:
    told = api.get("/rounds/round-1/score").json
    wanted = {node["id"]: node["points"] for node in nodes(told)}
    assert len(wanted) > 20
    frozen = api.get("/rounds/round-1/results/1").json
    assert (frozen["total"], frozen["tree"]["total"]) == (told["total"], told["total"])
    assert {node["id"]: node["points"] for node in nodes(frozen["tree"])} == wanted
    rows = rows_of(api.get("/exports/rounds/round-1/results/1").data)
    assert rows[0]["points"] == told["total"]
    assert {row["node"]: row["points"] for row in rows[1:]} == wanted
    written = {row["arithmetic"] for row in rows}
    assert len(written) > 5
    assert not any("{" in line or "'" in line for line in written)  # a line for people, no data of a program
    feed = {row["Node"]: row["Points"] for row in fed(api, "/odata/rounds/round-1/Nodes") if row["Node"]}
    assert set(feed) == set(wanted)
    for node, value in feed.items():
        same(value, wanted[node])
    with zipfile.ZipFile(io.BytesIO(api.get("/exports/rounds/round-1/package").data)) as package:
        assert rows_of(package.read("results/1.csv")) == rows
    for path in ("/desk/rounds/round-1", "/desk/rounds/round-1/results/1"):
        page = desk.open(path).text
        [total] = html.fromstring(page).xpath("//data[@id='total']")
        assert (total.get("value"), words(total)) == (told["total"], rounded(told["total"]))
        written = shown_points(page, wanted)
        assert {node: rounded(value) for node, value in written.items()} == {
            node: rounded(value) for node, value in wanted.items()
        }
    public(shown_by, told, wanted)


def shown_points(page: str, wanted: dict[str, str]) -> dict[str, str]:
    """Node -> points; the page with sections shows those of a standard in its own table."""
    found = points(page)
    standards = html.fromstring(page).xpath("//section/h2[starts-with(@id, 's-')]")
    for heading in standards:
        found[heading.get("id")[2:]] = words(heading.xpath("./small")[0]).split(" / ")[0]
    assert set(found) == set(wanted)
    return found


def rounded(value: str) -> str:
    return str(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP))


def public(app: Flask, told: dict[str, Any], wanted: dict[str, str]) -> None:
    """What everybody reads: rounded, and without what would tell figures about too few."""
    published = app.test_client().get("/api/v1/public/results/pub-1").json
    assert published["total"] == told["shown"] == rounded(told["total"])
    read = {one["id"]: one for one in nodes(published, "parts")}
    assert set(read) == set(wanted)
    open_ones = [one for one in read.values() if not one["withheld"]]
    assert len(open_ones) > 10
    for one in open_ones:
        assert one["points"] == rounded(wanted[one["id"]])
    page = html.fromstring(app.test_client().get("/results/pub-1?lang=en").text)
    assert words(page.xpath("//p[@class='grade']/span")[0]) == f"{told['shown']} points"
    lines = [words(one) for one in page.xpath("//ul[@class='parts']/li/p/b")]
    assert lines == [f"{'not shown' if one['withheld'] else one['points']} / {one['most']}" for one in read.values()]


def test_error_rate_and_limit_of_the_checks_are_the_same(shown_by: Flask, api: As, desk: Desk) -> None:
    told = api.get("/draws/draw-1/findings").json["findings"]
    row = table(desk.open("/desk/draws/draw-1").text, "t-findings")["All"]
    rate, share = (shown(percent(Decimal(str(told[name])))) for name in ("rate", "limit_share"))
    of_all = f"at most {told['limit']} of {told['population']} records"
    assert row[:4] == [str(told[name]) for name in ("population", "drawn", "n", "errors")]
    assert row[-2:] == [rate, f"{of_all} ({share})"]
    rows = html.fromstring(desk.open("/desk/projects/project-1/findings").text).xpath(
        "//table[caption[@id='t-draw-1']]//tr[td]"
    )
    read = [[words(cell) for cell in one.xpath("./th|./td")] for one in rows]
    [line] = [one for one in read if one[0] == "Any error"]
    with shown_by.test_request_context(headers={"Accept-Language": "en"}):
        method = word("limit_method", told["limit_method"])
    assert line[-2:] == [rate, f"{of_all} {method}"]
    for one in told["attributes"]:
        name = {"found": "Found", "complete": "Complete", "true": "True", "timely": "On time"}[one["name"]]
        [line] = [each for each in read if name in each[:2]]
        assert line[-2:] == [
            shown(percent(Decimal(str(one["rate"])))),
            f"at most {one['limit']} of 40 records {method}",
        ]
