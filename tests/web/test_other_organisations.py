"""Nothing of a project is reached from another organisation, by any address, with whatever role; and it learns of none.

The stranger has every role and a project of his own, so that only the project's parties stand between him and the rest.
"""

import re
from base64 import b64encode
from collections import Counter

from accounts import API, As, bearer
from database import every_document
from flask import Flask
from flask.testing import FlaskClient
from one_of_each import one_of_each, routes_of, sent_by, stranger
from werkzeug.test import TestResponse

from service.domain.access import ACTIONS, ROLES
from service.web.auth import COOKIE, PUBLIC

NAMES = re.compile("Street station|(?:project|round|campaign|draw|frame|appeal|notice|visits|payments|publications)-1")
# What an owner does not get of what is only written down: files that nobody sent, what a procedure has not come to.
NOT_YET = """
/campaigns/<id>/media/<picture> /campaigns/<id>/quality /campaigns/<id>/quality/marks
/evaluator-approvals/<id>/papers/<name> /follow-ups/<id>/evidence/<name> /interviews/<id>/comparison
/objections/<id>/attachments/<name>
/projects/<id>/comparisons /projects/<id>/payment-plan /projects/<id>/satisfaction /publications/<id>
/publications/<id>/content /rounds/<id>/purchaser-opinion /rounds/<id>/score-sheets/<name>
/rounds/<id>/self-evaluation/files/<name> /spot-checks/<id>/media/<sha256> /appeals/<id>/attachments/<name>
""".split()


def stored() -> Counter[str]:
    return Counter(name for name, _ in every_document())


def feed_token(them: As) -> dict[str, str]:
    """What a program sends that reads the feeds for this person."""
    made = them.post("/read-tokens", {"name": "Excel"})
    assert made.status_code == 201, made.text
    pair = f"x:{made.json['token']}".encode()
    return {"Authorization": f"Basic {b64encode(pair).decode()}"}


def kept_out(told: dict[str, TestResponse]) -> None:
    """Each was refused as if the thing were not there, or for the role alone, in words that tell nothing of it."""
    let_in = {route: answer.status_code for route, answer in told.items() if answer.status_code not in (403, 404)}
    assert let_in == {}
    assert [route for route, answer in told.items() if "Street station" in answer.text] == []


def test_of_a_project_nothing_is_reached_over_the_api_from_another_organisation(
    app: Flask, client: FlaskClient
) -> None:
    one_of_each()
    them, told = stranger(client), {}
    feeds, before = feed_token(them), stored()
    for method, address, rule, handler in routes_of(app, (API, "/odata")):
        if handler.declared_access != PUBLIC:
            sent = sent_by(handler)
            body = {"json": sent["json"]} if "json" in sent else {"data": b"a,b\n", "content_type": "text/csv"}
            more = {"query_string": sent.get("query"), **(body if method != "GET" else {})}
            headers = bearer(them.token) if rule.startswith(API) else feeds
            headers["If-Match"] = '"999"'
            told[f"{method} {rule}"] = client.open(address, method=method, headers=headers, **more)
    kept_out(told)
    assert len(told) > 240
    assert before == stored()


def test_of_a_project_nothing_is_reached_at_the_desk_from_another_organisation(app: Flask, client: FlaskClient) -> None:
    one_of_each()
    them, before, told = stranger(client), stored(), {}
    desk = app.test_client()
    desk.set_cookie(COOKIE, them.token, path="/desk")
    token = re.search(r'name="_token" value="([^"]+)"', desk.get("/desk/account").text)
    assert token
    for method, address, rule, _ in routes_of(app, ("/desk",)):
        if method == "POST":  # a form of nobody's page is refused before anything is looked up
            assert desk.post(address).status_code == 403, rule
        form = {"_token": token[1], "version": "1"} if method == "POST" else None
        told[f"{method} {rule}"] = desk.open(address, method=method, data=form)
    kept_out(told)
    assert len(told) > 330
    assert before == stored()


def test_no_list_tells_another_organisation_of_a_project(app: Flask, client: FlaskClient) -> None:
    one_of_each()
    them, told, opened = stranger(client), {}, 0
    feeds = feed_token(them)
    desk = app.test_client()
    desk.set_cookie(COOKIE, them.token, path="/desk")
    for rule in app.url_map.iter_rules():
        if "<" in rule.rule or "GET" not in (rule.methods or ()) or not rule.rule.startswith((API, "/desk", "/odata")):
            continue
        for query in ("", "?project=project-1&q=Street"):
            headers = feeds if rule.rule.startswith("/odata") else bearer(them.token)
            answer = desk.get(rule.rule + query, headers=headers)
            opened += answer.status_code == 200
            seen = NAMES.findall(answer.text.replace("project=project-1&amp;q=Street", ""))
            told |= {rule.rule + query: seen} if seen else {}
    assert told == {}
    assert opened > 80


def test_who_belongs_to_the_project_reaches_what_the_stranger_does_not(app: Flask, client: FlaskClient) -> None:
    """Else the tests above would refuse what is not there anyway."""
    one_of_each()
    people = {role: As(client, role) for role in ROLES}
    missing = set()
    for method, address, rule, handler in routes_of(app, (API,)):
        if method == "GET" and handler.declared_access != PUBLIC:
            asked = (people[role] for role in ACTIONS.get(handler.declared_access, ROLES))
            answers = (one.get(address.removeprefix(API), query_string=sent_by(handler).get("query")) for one in asked)
            if all(answer.status_code in (403, 404) for answer in answers):
                missing.add(rule.removeprefix(API))
    assert missing == set(NOT_YET)
