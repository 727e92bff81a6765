"""Nobody reads a score before all are in, at any address that can be opened: pages, API, files, charts, feeds."""

import io
import re
import zipfile

import pytest
from accounts import As, bearer
from flask import Flask
from flask.testing import FlaskClient
from group_of_round import LONG, Group, make_group
from werkzeug.test import TestResponse

from service.web.auth import COOKIE

PLACES = {"rounds": "round-2", "projects": "project-1", "campaigns": "campaign-1", "draws": "draw-1"}
SECRETS = {"buyer": ("61.2537", "甲之理由"), "department": ("72.2537", "乙之理由"), "expert": ("83.2537", "丙之草稿")}


def addresses(app: Flask, known: dict[str, str]) -> list[str]:
    """Every address that is opened by GET, its parts filled with what there is."""
    found = []
    for rule in app.url_map.iter_rules():
        text = rule.rule if "GET" in (rule.methods or ()) else ""
        for part, name in re.findall(r"(<(?:[^<>:]+:)?([^<>]+)>)", text):
            before = text[: text.index(part)].rstrip("/").rpartition("/")[2]
            value = PLACES.get(before) if name == "id" else known.get(name)
            value = value or known.get(before)
            if value is None:
                text = ""
                break
            text = text.replace(part, value, 1)
        found += [text] * bool(text)
    return found


def said(answer: TestResponse) -> str:
    """The whole answer, packed files too."""
    data = answer.data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as files:
            data = b"\n".join(files.read(name) for name in files.namelist())
    return data.decode("utf-8", "replace") + str(answer.headers)


def known_parts(group: Group, judgement: str) -> dict[str, str]:
    """What stands in addresses besides ids of rounds, projects, campaigns and draws."""
    member = group.ids["buyer"]
    places = {"node": group.nodes[0], "rater": member, "member": member, "judgements": judgement}
    words = {"state": "scoring", "form": "csv", "number": "1", "language": "en", "deadline": "appeal", "name": "x"}
    more = {"organisations": "purchaser-org", "providers": "provider-org", "questionnaire": "copenhagen-housing"}
    return places | words | more | {"site": "east", "kind": "csv", "group-members": member}


@pytest.mark.long
def test_no_address_tells_a_score_before_all_are_in(app: Flask, client: FlaskClient) -> None:
    group = make_group(client)
    for name, (score, reason) in SECRETS.items():
        state = "draft" if name == "expert" else "in"
        made = group.score(name, group.nodes[0], score, reason=reason + LONG, state=state)
        assert made.status_code == 201, made.text
    everywhere = addresses(app, known_parts(group, str(made.json["id"])))
    assert len(everywhere) > 250
    people = {"department": group.scorers["department"], "expert": group.scorers["expert"], "lead": group.lead}
    people |= {"secretary": group.secretary, "provider": As(client, "provider"), "evaluator": As(client, "evaluator")}
    told, opened = [], 0
    for who, person in people.items():
        desk = app.test_client()
        desk.set_cookie(COOKIE, person.token, path="/desk")
        others = [text for name, texts in SECRETS.items() if name != who for text in texts]
        for address in everywhere:
            answer = (
                desk.get(address) if address.startswith("/desk") else client.get(address, headers=bearer(person.token))
            )
            assert answer.status_code < 500, (who, address)
            opened += answer.status_code == 200
            told += [(who, address, text) for text in others if text in said(answer)]
    assert told == []
    assert opened > 300
