"""Lists over the API: read, mapped, checked, frozen; the receipt; comparisons; and who may do what."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from accounts import As, fields_named, refusal
from at_desk import Desk
from factories import ADMIN, NOW, make_project
from flask import Flask
from flask.testing import FlaskClient

from service.domain.access import ROLES
from service.operations import projects
from service.operations.acts import journal_entries
from service.operations.inspect import contacts, frames
from service.web.api.inspect import frame_imports as frame_import_pages

LIST = "编号,姓名,电话,出生日期,类型\n" + "\n".join(
    [
        "R-001,王小明,13800138000,1950-01-02,探访",
        "R-002,李红,139 0013 9000,1951-03-04,小组",
        "R-003,赵刚,13800138000,1952-05-06,探访",
        "R-004,周丽,13700137000,1953-07-08,探访",
    ]
)
UNTIL = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
MAPPING = {
    "serial": "编号",
    "stratum": "类型",
    "personal": {"姓名": "name", "电话": "phone", "出生日期": "birth"},
    "details": [],
}
ASKED = {
    "name": "Recipients", "source": "register", "kind": "recipient", "contacts_until": UNTIL, "mapping": MAPPING,
}  # fmt: skip
IMPORTS = "/projects/project-1/frame-imports"


@pytest.fixture
def evaluator(client: FlaskClient, database: None) -> As:
    make_project()
    return As(client, "evaluator")


def sent(who: As, path: str, content: str | bytes = LIST) -> Any:
    body = content.encode() if isinstance(content, str) else content
    return who.post(path, data=body, content_type="text/csv")


def frozen(evaluator: As, id: str = "recipients") -> dict[str, Any]:
    assert sent(evaluator, f"{IMPORTS}?id={id}").status_code == 201
    checked = evaluator.put(f"/frame-imports/{id}", ASKED, 1)
    assert checked.get_json()["faults"] == [], checked.text
    made = evaluator.post(f"/frame-imports/{id}/freeze")
    assert made.status_code == 201, made.text
    return dict(made.get_json())


def test_a_list_is_read_checked_and_frozen_and_all_parties_get_its_receipt(client: FlaskClient, evaluator: As) -> None:
    read = evaluator.post(
        IMPORTS, data={"file": (io.BytesIO(LIST.encode("gb18030")), "x.csv")}, content_type="multipart/form-data"
    )
    body = read.get_json()
    assert (read.status_code, body["encoding"], body["rows"], body["state"]) == (201, "GB18030", 4, "read")
    assert body["columns"] == ["编号", "姓名", "电话", "出生日期", "类型"]
    assert body["suggested"]["personal"] == {"姓名": "name", "电话": "phone", "出生日期": "birth"}
    assert body["suggested"]["serial"] == "编号"
    path = f"/frame-imports/{body['id']}"
    assert evaluator.get(path).headers["ETag"] == '"1"'
    wrong = evaluator.put(path, ASKED | {"mapping": MAPPING | {"serial": "类型", "stratum": ""}}, 1).get_json()
    assert {each["place"]: each["reason"] for each in wrong["faults"]} == {
        "rows.4.类型": "repeats_row", "rows.5.类型": "repeats_row",
    }  # fmt: skip
    refusal(evaluator.post(f"{path}/freeze"), 409, "import_unchecked")
    refusal(evaluator.put(path, ASKED), 428, "unconditional")
    refusal(evaluator.put(path, ASKED, 1), 412, "stale")
    good = evaluator.put(path, ASKED | {"claimed": "5"}, 2).get_json()
    assert (good["faults"], good["marked"], good["strata"]) == ([], True, [["小组", 1], ["探访", 3]])
    assert good["findings"][0]["message"] == "The claim is 5, but the list adds up to 4."
    assert [one["id"] for one in evaluator.get(IMPORTS).get_json()] == [body["id"]]
    desk = Desk(client.application, "evaluator")
    assert "编号" in desk.open(f"/desk/frame-imports/{body['id']}").text
    made = evaluator.post(f"{path}/freeze")
    assert (made.status_code, made.get_json()["size"], made.get_json()["marked"]) == (201, 4, True)
    assert evaluator.post(f"{path}/freeze").status_code == 200
    assert evaluator.get(IMPORTS).get_json() == []
    for page in (f"/desk/frames/{body['id']}", f"/desk/frames/{body['id']}/receipt"):
        assert made.get_json()["sha256"] in desk.open(page).text
    refusal(evaluator.send("DELETE", path), 409, "state_conflict")
    assert [one["marked"] for one in evaluator.get("/projects/project-1/frames").get_json()] == [True]
    receipts = [
        As(client, role).get(f"/frames/{body['id']}/receipt").get_json()
        for role in ("evaluator", "provider", "purchaser", "authority")
    ]
    assert receipts == [receipts[0]] * 4
    assert receipts[0]["sha256"] == made.get_json()["sha256"]
    assert (receipts[0]["claimed"], receipts[0]["findings_count"], receipts[0]["marked"]) == ("5", 1, True)
    assert "R-001" not in json.dumps(receipts[0])
    refusal(As(client, "provider", "other-org").get(f"/frames/{body['id']}/receipt"), 404, "not_found")


def test_nobody_else_imports_reads_or_compares(client: FlaskClient, evaluator: As) -> None:
    frozen(evaluator)
    sent(evaluator, f"{IMPORTS}?id=waiting")
    compare = "/frames/recipients/comparisons?against=staff&source=x&phone=p"
    calls = [
        ("POST", IMPORTS), ("GET", IMPORTS), ("GET", "/frame-imports/waiting"), ("DELETE", "/frame-imports/waiting"),
        ("POST", "/frame-imports/waiting/freeze"), ("GET", "/projects/project-1/frames"), ("POST", compare),
        ("GET", "/frames/recipients/comparisons"),
    ]  # fmt: skip
    for method, path in calls:
        more = {"data": b"p\n1", "content_type": "text/csv"} if method == "POST" and "freeze" not in path else {}
        for role in ROLES:
            if role != "evaluator":
                refusal(As(client, role).send(method, path, **more), 403, "forbidden")
        refusal(As(client, "evaluator", "other-org").send(method, path, **more), 404, "not_found")


def test_larger_files_than_other_requests_are_taken_and_too_large_ones_are_not(
    client: FlaskClient, evaluator: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "\n".join(f"R-{number:06},{'x' * 100}" for number in range(10_000))
    assert len(rows) > 1_000_000
    assert sent(evaluator, IMPORTS, f"编号,类型\n{rows}").status_code == 201
    monkeypatch.setattr(frame_import_pages, "FILE_LIMIT", 1000)
    refusal(sent(evaluator, IMPORTS, "a" * 1001), 413, "too_large")
    refusal(evaluator.post(IMPORTS, data=b"{}", content_type="application/json"), 415, "media_type")


STAFF = "工号,手机\nS1,+86 139-0013-9000\nS2,13600136000"
SIGN_IN = "\n".join(
    [
        "姓名,生日,电话",
        "王 小明,1950年1月2日,",
        ",,１３７００１３７０００",
        "陌生人,1960-01-01,13500135000",
        ",,13700137000",
        "空,,",
    ]
)


def compared(evaluator: As, query: str, content: str) -> dict[str, Any]:
    done = sent(evaluator, f"/frames/recipients/comparisons?{query}", content)
    assert done.status_code == 201, done.text
    return dict(done.get_json())


def test_missing_duplicate_and_staff_numbers_are_listed_by_serial_and_row(evaluator: As) -> None:
    frozen(evaluator)
    staff = compared(evaluator, "against=staff&source=staff+list&phone=手机", STAFF)
    assert staff["staff"] == [{"serial": "R-002", "by": "phone"}]
    assert (staff["missing"], staff["unconfirmed"]) == ([], [])
    assert staff["duplicates"] == [{"by": "phone", "serials": ["R-001", "R-003"]}]
    sheet = compared(evaluator, "against=sign_in&source=sheets&phone=电话&name=姓名&birth=生日&id=c2", SIGN_IN)
    assert sheet["matched"] == 2
    assert sheet["matched_by"] == {"name_birth": 1, "phone": 1}
    assert sheet["missing"] == [4]
    assert sheet["unconfirmed"] == ["R-002", "R-003"]
    assert sheet["repeated"] == [{"by": "phone", "rows": [3, 5]}]
    assert sheet["unmatchable"] == 1
    ids = compared(evaluator, "against=purchaser&source=list&given=编号", "编号\n R-001\nR-009\n")
    assert (ids["matched"], ids["missing"], ids["unconfirmed_count"]) == (1, [3], 3)
    told = json.dumps(
        [staff, sheet, ids, [vars(entry) for entry in journal_entries()]], default=str, ensure_ascii=False
    )
    for text in ("13800138000", "13900139000", "13700137000", "13500135000", "陌生人", "小明"):
        assert text not in told
    listed = evaluator.get("/frames/recipients/comparisons").get_json()
    assert {one["against"] for one in listed} == {"staff", "sign_in", "purchaser"}
    repeat = sent(evaluator, "/frames/recipients/comparisons?against=sign_in&source=sheets&phone=电话&id=c2", SIGN_IN)
    assert (repeat.status_code, repeat.get_json()["id"]) == (200, "c2")


def test_what_cannot_be_compared_is_refused_with_the_remedy(evaluator: As) -> None:
    frozen(evaluator)
    path = "/frames/recipients/comparisons"
    body = refusal(sent(evaluator, f"{path}?against=friends&source=x", STAFF), 422, "invalid")
    assert fields_named(body) == {"against", "columns"}
    body = refusal(sent(evaluator, f"{path}?against=staff&source=x&name=姓名", STAFF), 422, "invalid")
    assert fields_named(body) == {"columns"}
    body = refusal(sent(evaluator, f"{path}?against=staff&source=13800138000&phone=手机", STAFF), 422, "invalid")
    assert fields_named(body) == {"source"}
    refusal(sent(evaluator, f"{path}?against=staff&source=x&phone=电话", STAFF), 422, "import_invalid")
    evaluator.post("/frames", {"id": "bare", "project": "project-1", "name": "n", "source": "s", "serials": ["a1"]})
    body = refusal(sent(evaluator, "/frames/bare/comparisons?against=staff&source=x&phone=手机", STAFF), 422, "invalid")
    assert fields_named(body) == {"frame"}
    contacts.purge(datetime.now(UTC) + timedelta(days=31))
    refusal(sent(evaluator, f"{path}?against=staff&source=x&phone=手机", STAFF), 410, "contacts_purged")


def test_serials_that_are_persons_are_refused_by_the_plain_api_too(app: Flask, evaluator: As) -> None:
    frame = {"project": "project-1", "name": "n", "source": "s"}
    for serial in ("13800138000", "11010519491231002X", "王小明"):
        body = refusal(evaluator.post("/frames", frame | {"serials": ["R-1", serial]}), 422, "frame_invalid")
        assert fields_named(body) == {"rows.2"}
        assert serial not in json.dumps(body, ensure_ascii=False)


def test_a_site_may_stand_by_its_name(evaluator: As) -> None:
    projects.create_site(ADMIN, NOW, projects.Site("s-3", "project-1", "东区站"))
    sent(evaluator, f"{IMPORTS}?id=sites", "id,site\nA1,东区站\nA2,east\nA3,West")
    asked = ASKED | {"contacts_until": None, "mapping": {"serial": "id", "site": "site"}}
    assert evaluator.put("/frame-imports/sites", asked, 1).get_json()["faults"] == []
    assert evaluator.post("/frame-imports/sites/freeze").status_code == 201
    assert {row.serial: row.site for row in frames.rows_of("sites", ["A1", "A2", "A3"]).values()} == {
        "A1": "s-3", "A2": "east", "A3": "west",
    }  # fmt: skip
