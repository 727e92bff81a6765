"""The API of visits, assignments, declarations and back-checks, as a client goes through them."""

from datetime import UTC, datetime, timedelta

from accounts import As, fields_named, refusal
from factories import make_project
from flask.testing import FlaskClient
from visiting import drawn

from service.domain.days import day_of
from service.domain.organisations import Token
from service.operations.organisations import _token_hash
from service.store import records


def own_id(caller: As) -> str:
    token = records.get(Token, _token_hash(caller.token))
    assert token is not None
    return token.user


def test_a_visit_from_plan_to_back_checks(client: FlaskClient) -> None:
    make_project()
    drawn()
    evaluator, first, second = As(client, "evaluator"), As(client, "auditor"), As(client, "auditor")
    persons = [own_id(first), own_id(second)]
    today = day_of(datetime.now(UTC))
    asked = {"id": "v", "project": "project-1", "site": "east", "on": str(today), "persons": persons}
    refusal(first.post("/visits", asked), 403, "forbidden")
    body = refusal(evaluator.post("/visits", asked | {"persons": persons[:1]}), 422, "invalid")
    assert fields_named(body) == {"persons"}
    refusal(evaluator.post("/visits", asked | {"kind": "surprise"}), 422)
    made = evaluator.post("/visits", asked | {"draws": ["draw-1"], "on": str(today + timedelta(days=1))})
    assert (made.status_code, made.headers["ETag"], made.get_json()["state"]) == (201, '"1"', "planned")
    change = {name: value for name, value in asked.items() if name not in ("id", "project")} | {"draws": ["draw-1"]}
    refusal(evaluator.put("/visits/v", change), 428)
    refusal(evaluator.put("/visits/v", change, version=4), 412, "stale")
    assert evaluator.put("/visits/v", change, version=1).get_json()["on"] == str(today)
    refusal(As(client, "provider").get("/visits/v"), 403)
    refusal(As(client, "auditor").get("/visits/v"), 404)

    body = refusal(first.post("/visits/v/start"), 409, "undeclared")
    assert fields_named(body) == {"persons.0", "persons.1"}
    for person in (first, second):
        said = person.post("/declarations", {"conflict": False, "project": "project-1"})
        assert said.get_json()["user"] == own_id(person)
    assert len(evaluator.get("/projects/project-1/declarations").get_json()) >= 3
    begun = first.post("/visits/v/start")
    assert (begun.status_code, begun.get_json()["state"]) == (200, "started")
    assert second.post("/visits/v/start").get_json() == begun.get_json()
    items = second.get("/visits/v/assignments").get_json()
    assert len(items) == 6
    assert {item["auditor"] for item in items} == set(persons)
    assert len(first.get("/assignments/mine").get_json()) == 3
    assert [visit["id"] for visit in first.get("/visits/mine").get_json()] == ["v"]

    item = next(item for item in items if item["auditor"] == persons[0])
    given = {"auditor": persons[1], "reason": "knows the file"}
    refusal(evaluator.put(f"/assignments/{item['id']}", given), 428)
    moved = evaluator.put(f"/assignments/{item['id']}", given, version=1).get_json()
    assert moved["history"][0]["from"] == persons[0]
    loads = {load["person"]: load for load in evaluator.get("/projects/project-1/workload").get_json()}
    assert (loads[persons[0]]["open"], loads[persons[1]]["open"]) == (2, 4)
    assert len(second.get("/projects/project-1/workload").get_json()) == 1

    refusal(first.post("/visits/v/finish", {}), 409, "visit_items_open")
    ended = first.post("/visits/v/finish", {"reason": "the rest comes by API"})
    assert ended.get_json()["history"][0]["open"] == 6
    refusal(evaluator.post("/draws/draw-1/back-checks", {"share": "0.1"}), 409, "nothing_to_check_again")
    told = evaluator.get("/draws/draw-1/back-checks").get_json()
    assert told["agreement"]["overall"] == {
        "attribute": "errs",
        "n": 0,
        "agreed": 0,
        "observed": None,
        "kappa": None,
        "reason": "no_pairs",
    }
    refusal(first.get("/draws/draw-1/back-checks"), 403)


def test_a_person_is_replaced_and_a_visit_called_off(client: FlaskClient) -> None:
    make_project()
    evaluator, first, second, third = (As(client, role) for role in ("evaluator", "auditor", "auditor", "interviewer"))
    today = day_of(datetime.now(UTC))
    asked = {"id": "v", "project": "project-1", "site": "east", "on": str(today), "kind": "daily"}
    evaluator.post("/visits", asked | {"persons": [own_id(first), own_id(second)]})
    swap = {"leaving": own_id(second), "coming": own_id(third), "reason": "on leave"}
    refusal(evaluator.put("/visits/v/persons", swap), 428)
    assert evaluator.put("/visits/v/persons", swap, version=1).get_json()["persons"] == [own_id(first), own_id(third)]
    refusal(evaluator.post("/visits/v/cancel", {"reason": "rain"}), 428)
    gone = evaluator.send("POST", "/visits/v/cancel", {"If-Match": '"2"'}, json={"reason": "rain"})
    assert (gone.get_json()["state"], [entry["what"] for entry in gone.get_json()["history"]]) == (
        "cancelled",
        ["person", "cancelled"],
    )
    assert len(evaluator.get("/projects/project-1/visits").get_json()) == 1
    assert evaluator.get("/visits/v").headers["ETag"] == '"3"'


def test_a_site_has_a_position_or_none(client: FlaskClient) -> None:
    make_project()
    admin = As(client, "admin")
    made = admin.post("/projects/project-1/sites", {"id": "s", "name": "S", "latitude": 23.13, "longitude": 113.26})
    assert (made.get_json()["latitude"], made.get_json()["longitude"]) == (23.13, 113.26)
    half = admin.post("/projects/project-1/sites", {"id": "t", "name": "T", "latitude": 23.13})
    assert fields_named(refusal(half, 422)) == {"longitude"}
    far = admin.post("/projects/project-1/sites", {"id": "t", "name": "T", "latitude": 91, "longitude": 0})
    assert fields_named(refusal(far, 422)) == {"latitude"}
    moved = {"name": "S", "latitude": None, "longitude": None}
    assert admin.put("/projects/project-1/sites/s", moved, version=1).get_json()["latitude"] is None
