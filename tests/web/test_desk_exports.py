"""The desk's pages "Take away": which files a reader is offered, that the links lead to them, and read tokens."""

import re
from html import unescape

import pytest
from demo_round import DemoRound, make_city, sign_in
from factories import EVALUATOR, NOW
from flask import Flask
from werkzeug.test import TestResponse

from service.operations.collect import releases
from service.operations.collect.releases import ReleaseRequest
from service.operations.evaluate import results

CAMPAIGN = "/desk/campaigns/campaign-1/take-away"


@pytest.fixture(scope="module")
def desk(_app: Flask) -> Flask:
    return _app


@pytest.fixture(scope="module")
def city(desk: Flask) -> DemoRound:
    made = make_city()
    releases.make(EVALUATOR, made.campaign.campaign.closes_at, "campaign-1", ReleaseRequest("release-1"))
    return made


def links(page: TestResponse) -> list[str]:
    """The addresses of the files that a page offers."""
    assert page.status_code == 200, page.text
    return [unescape(found) for found in re.findall(r'<a href="([^"]+)" download', page.text)]


def test_each_role_is_offered_what_it_may_have_and_every_link_leads_to_a_file(desk: Flask, city: DemoRound):
    wanted = {
        "evaluator": {"responses", "figures", "codebook", "releases/1"},
        "purchaser": {"codebook", "releases/1"},
        "provider": {"releases/1"},
    }
    for name, files in wanted.items():
        client = sign_in(desk, name)
        found = links(client.get(CAMPAIGN))
        assert {address.removeprefix(f"{CAMPAIGN}/").rpartition(".")[0] for address in found} == files
        assert len(found) == 3 * len(files)
        for address in found:
            file = client.get(address)
            assert file.status_code == 200, address
            assert file.headers["Content-Disposition"].startswith("attachment; filename=campaign-1-")
            assert len(file.data) > 20
    for file in ("responses.csv", "figures.csv", "codebook.csv"):
        assert sign_in(desk, "provider").get(f"{CAMPAIGN}/{file}").status_code == 403
    assert sign_in(desk, "other").get(CAMPAIGN).status_code == 404
    assert sign_in(desk, "other").get(f"{CAMPAIGN}/responses.csv").status_code == 404
    assert sign_in(desk, "evaluator").get(f"{CAMPAIGN}/responses.exe").status_code == 404


def test_the_page_says_what_is_not_in_the_rows(desk: Flask, city: DemoRound):
    page = sign_in(desk).get(f"{CAMPAIGN}?lang=en").text
    assert f"{city.waiting} more are counted and not sealed yet" in page
    assert "/odata/campaigns/campaign-1/" in page


def test_a_token_is_made_shown_once_and_revoked_on_the_desk(desk: Flask, city: DemoRound):
    client = sign_in(desk)
    page = client.get("/desk/read-tokens?lang=en").text
    field = re.search(
        r'<input type="hidden" name="(\w+)" value="([^"]+)">',
        page.split('<form method="post" action="/desk/read-tokens"')[1],
    )
    assert field is not None
    form = {field[1]: field[2]}
    empty = client.post("/desk/read-tokens?lang=en", data=form | {"name": " "})
    assert empty.status_code == 422
    described = re.search(r'name="name"[^>]*aria-invalid="true" aria-describedby="(?:\S+ )?(\S+-error)"', empty.text)
    assert described is not None
    assert f'<p class="error" id="{described[1]}">' in empty.text
    made = client.post("/desk/read-tokens", data=form | {"name": "看板"})
    token = re.search(r'<code class="token">([^<]+)</code>', made.text)
    assert token is not None
    listed = client.get("/desk/read-tokens").text
    assert token[1] not in listed
    assert "看板" in listed
    revoke = re.search(r'action="(/desk/read-tokens/[0-9a-f]+/revoke)"', listed)
    assert revoke is not None
    assert client.post(revoke[1]).status_code == 403
    assert client.post(revoke[1], data=form).status_code == 303
    assert "看板" not in client.get("/desk/read-tokens").text
    assert sign_in(desk, "auditor").get("/desk/read-tokens").status_code == 403


def test_rounds_and_projects_have_their_pages(desk: Flask, city: DemoRound):
    """Before the last test freezes the result there is nothing of the round to take away."""
    client = sign_in(desk)
    page = client.get("/desk/projects/project-1/take-away")
    assert page.status_code == 200
    for address in (CAMPAIGN, "/desk/rounds/round-1/take-away"):
        assert f'href="{address}"' in page.text
    assert "accounts.json" not in page.text
    accounts = sign_in(desk, "purchaser").get("/desk/projects/project-1/take-away/accounts.json")
    assert accounts.get_json()["project"]["id"] == "project-1"
    assert client.get("/desk/projects/project-1/take-away/accounts.json").status_code == 403
    assert links(client.get("/desk/rounds/round-1/take-away")) == []
    results.freeze(EVALUATOR, NOW, city.round)
    found = links(client.get("/desk/rounds/round-1/take-away"))
    assert len(found) == 4
    for address in found:
        file = client.get(address)
        assert file.status_code == 200, address
        assert len(file.data) > 100
    assert links(sign_in(desk, "provider").get("/desk/rounds/round-1/take-away")) == []
    assert sign_in(desk, "provider").get("/desk/rounds/round-1/take-away/package.zip").status_code == 403
    for address in ("/desk/rounds/round-1/take-away", "/desk/projects/project-1/take-away"):
        assert sign_in(desk, "other").get(address).status_code == 404
