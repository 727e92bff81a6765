"""Who gets the file of a draw: everybody after publication, its parties once its visits are over; and its page."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from accounts import As, refusal
from demo_round import make_draw, make_people, sign_in
from factories import EVALUATOR, NOW, make_project
from flask import Flask
from flask.testing import FlaskClient
from inspected import visit_all

from service.domain.inspect import published_draws
from service.domain.inspect.draws import RecordedDraw
from service.operations.acts import load
from service.operations.inspect import ceremonies
from service.store import records, retrying


@pytest.fixture
def draw(app: Flask) -> RecordedDraw:
    make_project()
    return make_draw()


def publish(draw: RecordedDraw) -> None:
    visit_all(draw)
    ceremonies.publish(EVALUATOR, NOW, draw.id)


def file_in(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="published">(.*?)</script>', page, re.DOTALL)
    assert found, page
    return json.loads(found[1])


def test_the_public_reads_a_draw_only_after_publication(client: FlaskClient, draw: RecordedDraw) -> None:
    for address in ("/api/v1/public/draws/draw-1", "/api/v1/public/draws/none"):
        refusal(client.get(address), 404, "not_found")
    hidden = client.get("/verify/draw-1")
    assert hidden.status_code == 404
    assert draw.seed not in hidden.text
    assert "/desk/draws/draw-1/verify" in hidden.text
    publish(draw)
    shown = client.get("/api/v1/public/draws/draw-1").get_json()
    assert published_draws.verify(shown) == published_draws.Verdict(None, (("one_party", "evaluator"),), 40, 10)
    page = client.get("/verify/draw-1")
    assert page.status_code == 200
    assert file_in(page.text) == shown
    assert client.get("/verify/").status_code == 200  # for a file of one's own


def test_parties_read_it_when_its_visits_are_over(client: FlaskClient, draw: RecordedDraw) -> None:
    evaluator, provider, stranger = As(client, "evaluator"), As(client, "provider"), As(client, "provider", "other-org")
    address = "/draws/draw-1/published"
    assert published_draws.verify(evaluator.get(address).get_json()).failure is None
    refusal(stranger.get(address), 404, "not_found")
    refusal(provider.get(address), 403, "draw_sealed")
    visit_all(draw)
    assert published_draws.verify(provider.get(address).get_json()).failure is None
    refusal(client.get("/api/v1/public/draws/draw-1"), 404)
    ceremonies.publish(EVALUATOR, NOW, draw.id)
    assert provider.get(address).get_json() == client.get("/api/v1/public/draws/draw-1").get_json()


def test_a_party_verifies_at_the_desk_before_publication(app: Flask, draw: RecordedDraw) -> None:
    make_people()
    evaluator = sign_in(app)
    page = evaluator.get("/desk/draws/draw-1/verify?lang=en")
    assert published_draws.verify(file_in(page.text)).failure is None
    again = evaluator.get("/desk/draws/draw-1/published.json")
    assert (again.mimetype, again.get_json()) == ("application/json", file_in(page.text))
    assert sign_in(app, "provider").get("/desk/draws/draw-1/verify").status_code == 403
    assert app.test_client().get("/desk/draws/draw-1/verify").status_code == 303


def test_a_name_in_the_file_ends_no_element_of_the_page(app: Flask, client: FlaskClient, draw: RecordedDraw) -> None:
    publish(draw)
    there = load(RecordedDraw, "draw-1", "draw")
    hostile = replace(there, public="</script><script>alert(1)</script>", version=there.version + 1)
    retrying(lambda tx: records.replace(hostile, there.version, tx))
    page = client.get("/verify/draw-1").text
    assert "<script>alert" not in page
    assert file_in(page)["public"] == hostile.public
    # Nothing in the page may run but the two files of ours.
    policy = client.get("/verify/draw-1").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script(?![^>]*(?:application/json|src=\"/static/))[^>]*>", page) == []
