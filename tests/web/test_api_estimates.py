"""Figures, comparisons and trends over the API and the command line: the operation's own numbers, in the same words."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from accounts import As, refusal
from factories import ADMIN, EVALUATOR, KEY, NOW, Opened, issue, open_campaign
from flask import Flask
from flask.testing import FlaskClient

from service.config import Settings
from service.operations import organisations
from service.operations.collect import comparisons, satisfaction
from service.operations.collect.comparisons import Asking
from service.operations.collect.responses import Submission, submit

ROOT = Path(__file__).parents[2]


@pytest.fixture
def opened(app: Flask) -> Opened:
    """Two sites of one draw: 27 of 30 and 12 of 30 satisfied."""
    opened = open_campaign(30, distribution="drawn_persons")
    west = issue(opened, 30, site="west", distribution="drawn_persons")
    for name, codes, good in (("east", opened.codes, 27), ("west", west, 12)):
        for place, code in enumerate(codes):
            answers = {"satisfaction": "High" if place < good else "Low", "influence": "Low", "contact": "High"}
            submit(code, Submission(f"submission-{name}-{place}", answers), NOW, (KEY,))
    return opened


@pytest.fixture
def evaluator(client: FlaskClient, opened: Opened) -> As:
    return As(client, "evaluator")


def number(text: str | None) -> Decimal:
    assert text is not None
    return Decimal(text)


def test_figures_are_those_of_the_operation(evaluator: As, opened: Opened) -> None:
    query = {
        "by": "site",
        "figure": ["satisfied", "index", "share:High+Medium"],
        "interval": "exact",
        "formula": "100-30-0",
    }
    sent = evaluator.get(f"/campaigns/{opened.id}/satisfaction", query_string=query).get_json()["groups"]
    own = satisfaction.figures(EVALUATOR, opened.id, ["site"], interval="exact", formula="100-30-0").groups
    for group, (key, estimate) in zip(sent, own, strict=True):
        assert group["group"] == {"site": key[0]}
        for told in group["figures"]:
            figure = estimate.found(told["name"])
            assert figure.interval is not None
            assert number(told["value"]) == figure.value
            assert [number(told["interval"][end]) for end in ("lower", "upper")] == list(figure.interval)
            assert (told["method"], told["design"], told["n"]) == (figure.method, "simple", 30)
            assert told["limits"] == ["part_of_draw"]
        assert number(group["estimate"]["satisfied"]) == estimate.satisfied
        assert number(group["estimate"]["rates"]["RR1"]) == estimate.rate == 1


def test_filters_of_the_key_and_names_that_do_not_exist(evaluator: As, opened: Opened) -> None:
    address = f"/campaigns/{opened.id}/satisfaction"
    by_site, named = (
        evaluator.get(address, query_string=query).get_json()["groups"]
        for query in ({"site": "east"}, {"where": "site:east"})
    )
    assert by_site == named
    assert by_site[0]["estimate"]["n"] == 30
    for query, status, reason in (
        ({"where": "weather:wet"}, 422, "filter_unavailable"),
        ({"figure": "median"}, 422, "invalid"),
        ({"formula": "best"}, 422, "invalid"),
        ({"weights": "site@nowhere"}, 422, "invalid"),
        ({"cluster": "street"}, 422, "invalid"),
        ({"where": "wet"}, 422, "invalid"),
    ):
        refusal(evaluator.get(address, query_string=query), status, reason)


def test_sites_side_by_side_and_no_trend_of_one(evaluator: As, opened: Opened) -> None:
    found = evaluator.get(f"/campaigns/{opened.id}/comparisons").get_json()
    own = comparisons.of_sites(EVALUATOR, opened.id, Asking())
    assert [member["key"] for member in found["members"]] == ["east", "west"]
    assert number(found["pairs"][0]["value"]) == own.pairs[0].value == Decimal("0.5")
    assert found["pairs"][0]["separated"] is True
    assert [(place["first"], place["ties"]) for place in found["places"]] == [(1, []), (2, [])]
    refusal(evaluator.get("/projects/project-1/trend"), 422, "invalid")
    unknown = evaluator.get("/projects/project-1/comparisons", query_string={"campaigns": f"{opened.id},nowhere"})
    refusal(unknown, 404, "not_found")


def run(settings: Settings, *options: str) -> tuple[int, str, str]:
    variables = {
        "MINYI_DATABASE": settings.database,
        "MINYI_SECRET": settings.secret.hex(),
        "MINYI_BASE_URL": "http://127.0.0.1:8000",
    }
    command = [sys.executable, "-m", "service.cli", "satisfaction", "--as", "reader", *options]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_prints_what_the_api_answers(evaluator: As, opened: Opened, settings: Settings) -> None:
    organisations.create_user(ADMIN, NOW, "reader", "reader", "a long enough one", "evaluator-org", ("evaluator",))
    code, text, _ = run(settings, opened.id, "--by", "site", "--json")
    sent = evaluator.get(f"/campaigns/{opened.id}/satisfaction", query_string={"by": "site"}).get_json()
    assert (code, json.loads(text)) == (0, sent)
    code, table, _ = run(settings, opened.id, "--compare")
    assert code == 0
    assert "1–1\teast\tsatisfied\t0.9000" in table
    assert "east differs from west by 0.5000 (newcombe)" in table
    code, _, refused = run(settings, opened.id, "--where", "weather=wet")
    assert (code, "weather" in refused) == (2, True)
