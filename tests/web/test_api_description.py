"""The description of the API: a linter finds nothing, and a client generated from it does the main job."""

import importlib
import inspect
import json
import os
import re
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from accounts import token_of
from browsers import serving
from factories import ADMIN, NOTICE, NOW, TEMPLATES
from flask import Flask

from service.domain.collect import questionnaires as rules
from service.domain.organisations import Organisation
from service.operations import organisations

BINARIES = Path(sys.executable).parent
LINTER = BINARIES.parent / "api-linter" / "node_modules" / ".bin" / "redocly"
PASSWORD = "a long enough password"
LEVELS = ("High", "High", "Medium", "High", "Low", "Medium")
# Kinds of files that the generator does not know: it is told that they are bytes.
BYTES = ("application/pdf", "application/zip", "image/jpeg", "image/png", "image/svg+xml", "text/csv", "text/calendar")
OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.fixture(scope="module")
def description(_app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = _app.test_client().get("/api/v1/openapi.json").get_json()
    return found


def test_the_linter_has_nothing_to_say(description, tmp_path):
    assert LINTER.exists(), "run `make lint` once: it installs the linter"
    (tmp_path / "openapi.json").write_text(json.dumps(description), encoding="utf-8")
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    path = os.pathsep.join((str(BINARIES), os.environ["PATH"]))
    done = subprocess.run(
        [LINTER, "lint", "openapi.json", "--extends=recommended", "--format=json"],
        cwd=tmp_path,
        env=os.environ | quiet | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}


def test_each_operation_has_its_own_name_and_says_how_it_refuses(description):
    operations = [one for path in description["paths"].values() for name, one in path.items() if name != "parameters"]
    names = [one["operationId"] for one in operations]
    assert len(names) > 250
    assert len(set(names)) == len(names)
    assert all(any(str(status).startswith("4") for status in one["responses"]) for one in operations)


def test_nothing_is_promised_in_an_answer_that_is_only_ever_sent(description):
    """A client looks for what is required; a password or the rows of a list are in no answer."""
    schemas = description["components"]["schemas"]
    answered = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(_answers(description))))
    for name in answered:
        parts = schemas[name].get("properties", {})
        assert [part for part in schemas[name].get("required", []) if parts[part].get("writeOnly")] == [], name
    assert len(answered) > 100


def _answers(description: dict[str, Any]) -> list[Any]:
    return [
        one["responses"]
        for path in description["paths"].values()
        for method, one in path.items()
        if method != "parameters"
    ]


def test_an_edit_names_the_header_that_it_asks_for(app, description):
    asking = set()
    for rule in app.url_map.iter_rules():
        view = getattr(app.view_functions[rule.endpoint], "view_class", None)
        for method in rule.methods & {"GET", "POST", "PUT", "DELETE"} if view else ():
            if "if_match()" in inspect.getsource(inspect.unwrap(getattr(view, method.lower()))):
                asking.add((_described(rule.rule), method.lower()))
    told = {
        (path, method)
        for path, methods in description["paths"].items()
        for method, one in methods.items()
        if method != "parameters" and {"$ref": "#/components/parameters/IF_MATCH"} in one.get("parameters", [])
    }
    assert len(asking) > 60
    assert told == asking


def _described(rule: str) -> str:
    return rule.replace("<int:", "<").replace("<", "{").replace(">", "}")


@pytest.fixture(scope="module")
def generated(description, tmp_path_factory) -> Iterator[ModuleType]:
    """The package that openapi-python-client makes of the description."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(json.dumps(description), encoding="utf-8")
    office = [f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"]
    kinds = dict.fromkeys([*BYTES, *office], "application/octet-stream")
    settings = {"content_type_overrides": kinds, "post_hooks": []}
    (folder / "settings.yaml").write_text(json.dumps(settings), encoding="utf-8")
    command = ["-m", "openapi_python_client", "generate", "--path", "openapi.json", "--config", "settings.yaml"]
    command += ["--meta", "none", "--output-path", "minyi_client"]
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module("minyi_client")
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "minyi_client"]:
        del sys.modules[name]


class Caller:
    """The generated functions and models by name, as one account."""

    def __init__(self, package: ModuleType, address: str, token: str = "") -> None:
        self.package = package
        self.client = (
            package.AuthenticatedClient(base_url=address, token=token) if token else package.Client(base_url=address)
        )

    def call(self, place: str, *args: Any, model: str = "", body: dict[str, Any] | None = None, **more: Any) -> Any:
        """What was answered, which is no Error. `place`: the function's module below `api`."""
        module = importlib.import_module(f"minyi_client.api.{place}")
        if model:
            models = importlib.import_module("minyi_client.models")
            more["body"] = getattr(models, model).from_dict(body)
        answer = module.sync_detailed(*args, client=self.client, **more)
        assert answer.status_code < 300, answer.content.decode()
        assert type(answer.parsed).__name__ != "Error"
        return answer.parsed


def test_a_generated_client_makes_a_full_run(app, generated):
    """From accounts over a questionnaire, codes and answers to satisfaction and a score: nothing by hand."""
    organisations.create_organisation(ADMIN, NOW, Organisation("operator", "operator", "IT office"))
    organisations.create_user(ADMIN, NOW, "root", "root", PASSWORD, "operator", ("admin",))
    with serving(app) as address:
        anybody = Caller(generated, address)
        session = anybody.call(
            "sessions.post_sessions", model="SignIn", body={"username": "root", "password": PASSWORD}
        )
        admin = Caller(generated, address, session.token)
        for kind in ("authority", "purchaser", "provider", "evaluator"):
            body = {"id": f"{kind}-org", "kind": kind, "name": kind.title(), "phones": []}
            admin.call("organisations.post_organisations", model="Organisation", body=body)
        parties = {kind: f"{kind}-org" for kind in ("authority", "purchaser", "provider", "evaluator")}
        admin.call("projects.post_projects", model="Project", body={"id": "p1", "name": "Station", **parties})
        admin.call("projects.post_projects_by_id_sites", "p1", model="Site", body={"id": "east", "name": "East"})

        evaluator = Caller(generated, address, token_of("evaluator"))
        text = (TEMPLATES / "questionnaires" / "copenhagen-housing.yaml").read_text(encoding="utf-8")
        definition = rules.to_plain(rules.parse_yaml(text))
        body = {"definition": definition}
        version = evaluator.call("questionnaires.post_questionnaires", model="QuestionnaireVersion", body=body)
        asked = {
            "id": "c1",
            "project": "p1",
            "name": "Spring",
            "questionnaire": version.questionnaire,
            "questionnaire_version": version.number,
            "population": "recipient",
            "sites": ["east"],
            "opens_at": "2026-01-01T00:00:00+00:00",
            "closes_at": "2126-01-01T00:00:00+00:00",
            "languages": ["zh-Hans", "zh-Hant", "en"],
            "notice": NOTICE,
        }
        campaign = evaluator.call("campaigns.post_campaigns", model="Campaign", body=asked)
        state = {"state": "open"}
        opened = evaluator.call(
            "campaigns.put_campaigns_by_id_state",
            "c1",
            model="CampaignState",
            body=state,
            if_match=f'"{campaign.version}"',
        )
        assert opened.state == "open"
        batch = {"kind": "slip", "site": "east", "distribution": "all_present_evaluator", "count": len(LEVELS)}
        issued = evaluator.call("tickets.post_campaigns_by_id_tickets", "c1", model="Batch", body=batch)
        for ticket, level in zip(issued.tickets, LEVELS, strict=True):
            answers = {"satisfaction": level, "influence": "Medium", "contact": "Low"}
            body = {"submission_id": secrets.token_hex(8), "answers": answers, "mode": "own_phone", "lang": "en"}
            receipt = anybody.call(
                "public.post_public_forms_by_code_responses", ticket.code, model="Submission", body=body
            )
            assert receipt.receipt
        found = evaluator.call("satisfaction.get_campaigns_by_id_satisfaction", "c1", by=["site"])
        (group,) = found.groups
        assert group.group.to_dict() == {"site": "east"}
        assert group.estimate.n == group.estimate.answered == len(LEVELS)
        assert group.estimate.counts.to_dict() == dict(Counter(LEVELS))
        assert Fraction(group.estimate.satisfied) == Fraction(LEVELS.count("High"), len(LEVELS))

        authority = Caller(generated, address, token_of("authority"))
        for name in ("guangzhou-services", "guangzhou-housing-demo"):
            text = (TEMPLATES / "schemes" / f"{name}.yaml").read_text(encoding="utf-8")
            authority.call("schemes.post_schemes", model="Scheme", body={"text": text})
        body = {
            "id": "r1",
            "project": "p1",
            "kind": "final",
            "name": "2026",
            "scheme": "guangzhou-housing-demo@2",
            "surveys": {"g28-recipients": "c1"},
            "adoption": {"document": "Minutes", "number": "1", "date": "2026-01-05"},
        }
        evaluator.call("rounds.post_rounds", model="Round", body=body)
        score = evaluator.call("scores.get_rounds_by_id_score", "r1")
        assert score.provisional is True
        assert [standard.id for standard in score.standards]
