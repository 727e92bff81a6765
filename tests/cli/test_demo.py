"""`minyi demo` as people run it: one run that serves, looked at while it lives and after Ctrl-C, and its other ends."""

import csv
import json
import os
import pty
import signal
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import httpx
import numpy
import psutil
import pytest
import zxingcpp
from collecting import App, choices, record
from collecting_phone import png
from collecting_stage import looked_up
from rich.cells import cell_len
from scipy.stats import hypergeom

from service.domain.inspect import draws, frames

MINYI = Path(sys.executable).with_name("minyi")
TABLE = Path(__file__).parents[2] / "survey_templates" / "examples" / "copenhagen_housing.csv"
WORDS = ("Tower", "Apartment", "Atrium", "Terrace")
TAKES_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)
ROLES = {"admin", "authority", "purchaser", "provider", "evaluator", "auditor", "interviewer", "scorer"}


def table() -> dict[str, Counter]:
    """Kind of housing -> residents by satisfaction, from the published counts."""
    counts: dict[str, Counter] = {kind: Counter() for kind in WORDS}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            counts[row["Type"]][row["Sat"]] += int(row["Freq"])
    return counts


@dataclass
class Run:
    """A demo in an empty folder, with everything it starts and leaves."""

    folder: Path
    process: subprocess.Popen
    seen: set[psutil.Process] = field(default_factory=set)
    ended_after: float = 0.0
    looked: float = 0.0

    @property
    def json_file(self) -> Path:
        return self.folder / "facts.json"

    @property
    def facts(self) -> dict:
        return json.loads(self.json_file.read_text(encoding="utf-8"))

    @property
    def output(self) -> str:
        return (self.folder / "output.txt").read_text(encoding="utf-8")

    def look(self, every: float = 1.0) -> None:
        """Remember its processes: its children, and the database, which belongs to nobody. Not at each call: looking
        through the machine's processes takes time that the demo needs."""
        if time.monotonic() - self.looked < every:
            return
        self.looked = time.monotonic()
        with suppress(psutil.Error):
            self.seen |= set(psutil.Process(self.process.pid).children(recursive=True))
        for each in psutil.process_iter():
            with suppress(psutil.Error):
                if any(part.startswith(str(self.folder)) for part in each.cmdline()) and each.pid != self.process.pid:
                    self.seen.add(each)

    def until(self, condition, seconds: float = 200) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            self.look()
            time.sleep(0.2)

    def end(self, number: int) -> int:
        self.look(every=0)
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(60)
        self.ended_after = time.monotonic() - began
        return code

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGKILL)

    def left(self) -> list[str]:
        """What still runs of all it started; dead ones that nobody has reaped do not."""
        running = []
        for each in self.seen:
            with suppress(psutil.Error):
                if each.is_running() and each.status() != psutil.STATUS_ZOMBIE:
                    running.append(" ".join(each.cmdline()))
        return running


def start(folder: Path, *options: str, terminal: int | None = None, **variables: str) -> Run:
    """A demo whose output goes to a file, or which has a terminal of its own."""
    # TMPDIR: the throw-away data are looked for where nothing else is.
    environ = {**os.environ, "TMPDIR": str(folder), "TERM": "xterm-256color", **variables}
    command = [MINYI, "demo", "--json", "facts.json", *options]
    if terminal is not None:
        # A new session, whose terminal this becomes: then Ctrl-C is the signal that people send.
        command = [sys.executable, "-c", TAKES_TERMINAL, *command]
        ends = {"stdin": terminal, "stdout": terminal, "stderr": terminal, "start_new_session": True}
        return Run(folder, subprocess.Popen(command, cwd=folder, env=environ, **ends))
    with (folder / "output.txt").open("w", encoding="utf-8") as output:
        return Run(folder, subprocess.Popen(command, cwd=folder, env=environ, stdout=output, stderr=output))


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    run = start(tmp_path_factory.mktemp("demo"))
    try:
        run.until(lambda: "Ctrl-C ends it" in (run.output if run.json_file.exists() else ""))
        yield run
    finally:
        if run.process.poll() is None:
            run.end(signal.SIGINT)


@pytest.fixture
def held() -> Iterator[Callable[[Run], Run]]:
    """Holds a run that must not outlive its test, however that ends."""
    with ExitStack() as stack:
        yield stack.enter_context


@pytest.fixture
def facts(serving: Run) -> dict:
    return serving.facts


# --- What it says


def test_each_site_has_the_published_answers(facts):
    assert facts["responses"] == 1681
    for word, (name, counts) in zip(WORDS, ((site["name"], site) for site in facts["sites"]), strict=True):
        published = table()[word]
        assert word in name
        assert counts["counts"] == {level: published[level] for level in ("High", "Medium", "Low")}
        assert counts["served"] == counts["answered"] == published.total()


def test_index_and_share_follow_from_the_counts_and_a_census_has_no_interval(facts):
    for site, published in zip(facts["sites"], table().values(), strict=True):
        n = published.total()
        index = Fraction(published["High"] * 100 + published["Medium"] * 50, n)
        # Nine digits after the point are kept.
        assert abs(Fraction(str(site["index"])) - index) <= Fraction(1, 2 * 10**9)
        assert abs(Fraction(str(site["share_satisfied"])) - Fraction(published["High"], n)) <= Fraction(1, 2 * 10**9)
        assert (site["interval"], site["interval_reason"]) == (None, "census")


def test_the_drawn_list_follows_from_the_generated_frame_and_the_seed(facts):
    frame = frames.freeze([f"CASE-2026-{number:04d}" for number in range(1, 401)], None)
    found = facts["draw"]
    assert draws.verify(frame, found["seed"], 60, found["drawn"], sha256=found["frame_sha256"]) is None
    assert len(found["drawn"]) == 60


def test_three_of_sixty_fail_and_the_limit_is_exact(facts):
    found = facts["spot_checks"]
    worst = max(bad for bad in range(3, 401) if hypergeom.cdf(3, 400, bad, 60) > 0.05)
    assert (found["n"], found["errors"], found["upper_limit_items"]) == (60, 3, worst)
    assert found["upper_limit_95"] == worst / 400


def test_the_standards_points_sum_to_the_total_to_the_last_digit(serving, facts):
    for score in (
        json.loads(serving.json_file.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)["score"],
        json.loads(json.dumps(facts["score"]), parse_float=Decimal, parse_int=Decimal),  # digits as a float keeps them
    ):
        assert sum(each["points"] for each in score["standards"]) == score["total"]
        assert [each["id"] for each in score["standards"]] == ["professional", "volume", "quality", "management"]
    assert facts["score"]["grade"] == "good"


def test_an_auditors_collecting_app_finds_its_forms_and_items_and_a_revoked_one_nothing(facts):
    phone = App(facts["openrosa"]["server_url"])
    assert phone.update() == {"case-record": "New", "observation-visit": "New"}
    form = phone.forms["case-record", "1"]
    items = choices(form)
    assert len(items) == 10
    assert {item["serial"] for item in items} <= {f"CASE-2026-{number:04d}" for number in range(1, 401)}
    answers = phone.send(record(form, looked_up(items[0]["name"])), {"witness.png": png()})
    assert [answer.status for answer in answers] == [204, 201]
    bad = App(facts["openrosa"]["bad_server_url"])
    assert bad.get(f"{bad.server_url}/formList").status == 403


def test_the_facts_are_for_their_owner_only(serving):
    assert stat.S_IMODE(serving.json_file.stat().st_mode) == 0o600
    assert not [path for path in serving.folder.iterdir() if path.name.startswith(".")]


def test_the_output_tells_where_to_look_in_a_hundred_columns_without_colours(serving, facts):
    base = facts["server"]["base_url"]
    assert facts["server"]["desk_url"] == f"{base}/desk/"
    for told in (*facts["server"].values(), "Only on this machine", "census", "example, not in the measures"):
        assert told in serving.output
    for account in facts["accounts"]:
        assert account["password"] in serving.output
        assert account["token"] not in serving.output
    assert "\x1b" not in serving.output
    assert max(cell_len(line) for line in serving.output.splitlines()) <= 100


def test_the_qr_code_in_the_output_opens_the_phone_page(serving, facts):
    lines = [line for line in serving.output.splitlines() if line.strip() and not set(line) - set(" ▀▄█")]
    width = max(len(line) for line in lines)
    rows = []
    for line in lines:
        padded = line.ljust(width)
        rows += [[char in "▀█" for char in padded], [char in "▄█" for char in padded]]
    dark = numpy.pad(numpy.array(rows), 4)
    picture = numpy.where(dark, 0, 255).astype(numpy.uint8).repeat(8, 0).repeat(8, 1)
    (read,) = zxingcpp.read_barcodes(picture)
    assert read.text == facts["server"]["phone_url"]


# --- What it serves


def test_the_phone_page_is_an_unused_slip_of_its_own_campaign(facts):
    page = httpx.get(facts["server"]["phone_url"])
    assert page.status_code == 200
    assert "演示市民政局" in page.text
    code = facts["server"]["phone_url"].rpartition("/")[2]
    form = httpx.get(f"{facts['server']['base_url']}/api/v1/public/forms/{code}").json()
    assert form["questionnaire"]["id"] == "recipients"
    for name in ("docs_url", "desk_url"):
        assert httpx.get(facts["server"][name], follow_redirects=True).status_code == 200


def test_every_account_signs_in_and_every_token_works(facts):
    api = f"{facts['server']['base_url']}/api/v1"
    assert {account["role"] for account in facts["accounts"]} == ROLES
    for account in facts["accounts"]:
        assert len(account["password"]) >= 12
        me = httpx.get(f"{api}/me", headers=bearer(account)).json()
        assert (me["username"], me["roles"]) == (account["username"], [account["role"]])
        given = {name: account[name] for name in ("username", "password")}
        assert httpx.post(f"{api}/sessions", json=given).status_code == 201


def bearer(account: dict) -> dict[str, str]:
    return {"Authorization": f"Bearer {account['token']}"}


def test_the_score_has_all_its_evidence_and_the_answers_are_sealed_soon(serving, facts):
    evaluator = next(account for account in facts["accounts"] if account["role"] == "evaluator")
    with httpx.Client(base_url=f"{facts['server']['base_url']}/api/v1", headers=bearer(evaluator)) as client:
        score = client.get("/rounds/demo-round/score").json()
        assert (score["missing"], score["excluded"], score["provisional"]) == ([], [], False)
        assert Decimal(score["total"]) == Decimal(str(facts["score"]["total"]))
        serving.until(lambda: len(sealed(client)) == 1681)


def sealed(client: httpx.Client) -> set[str]:
    ids: set[str] = set()
    cursor = 0
    while cursor is not None:
        page = client.get("/campaigns/residents/responses", params={"cursor": cursor, "size": 1000}).json()
        ids |= {each["id"] for each in page["responses"]}
        cursor = page["next_cursor"]
    return ids


# --- How it ends


@pytest.fixture(scope="module")
def ended_at_once(serving: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A second demo beside the first, that does not serve."""
    run = start(tmp_path_factory.mktemp("second"), "--exit")
    while run.process.poll() is None:
        run.look()
        time.sleep(0.2)
    return run


def test_with_exit_it_ends_by_itself_and_a_taken_port_is_no_obstacle(serving, ended_at_once):
    assert ended_at_once.process.returncode == 0, ended_at_once.output
    assert ended_at_once.facts["responses"] == 1681
    assert ended_at_once.facts["server"]["base_url"] != serving.facts["server"]["base_url"]
    assert ended_at_once.facts["draw"]["seed"] != serving.facts["draw"]["seed"]
    assert ended_at_once.seen
    assert ended_at_once.left() == []
    assert {path.name for path in ended_at_once.folder.iterdir()} == {"facts.json", "output.txt"}


def test_ctrl_c_ends_it_promptly_and_leaves_nothing_behind(serving, ended_at_once):
    assert serving.end(signal.SIGINT) == 0
    assert serving.ended_after < 20
    assert len(serving.seen) >= 5  # the server, two workers, the database and its supervisor
    assert serving.left() == []
    assert {path.name for path in serving.folder.iterdir()} == {"facts.json", "output.txt"}


def test_ctrl_c_at_a_terminal_amid_the_answers_leaves_nothing_behind_and_no_facts(tmp_path, held):
    terminal, own = pty.openpty()
    run = held(start(tmp_path, terminal=own))
    os.close(own)
    shown = b""
    while "答卷 ".encode() not in shown:  # the bar
        shown += os.read(terminal, 65536)
        run.look()
    run.look(every=0)
    os.write(terminal, b"\x03")
    with suppress(OSError):  # how a terminal says that nobody is there any more
        while more := os.read(terminal, 65536):
            shown += more
    os.close(terminal)
    assert run.process.wait(60) == 130
    assert b"Stopped before it was ready" in shown
    assert b"Traceback" not in shown
    assert run.left() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_even_killed_outright_it_leaves_no_process(tmp_path, held, number, code):
    run = held(start(tmp_path, PYTHONIOENCODING="ascii"))  # a terminal without Chinese is no obstacle
    run.until(lambda: "database and service started" in run.output)
    assert run.end(number) == code
    assert len(run.seen) >= 5
    deadline = time.monotonic() + 30
    while run.left():
        assert time.monotonic() < deadline, run.left()
        time.sleep(0.1)
