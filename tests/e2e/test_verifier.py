"""The verifier of draws in a real browser: against Python case by case, its speed, its page as a reader walks it."""

import hashlib
import json
import random
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import draw_files
import pytest
from browsers import chromium, overflow, phone, serving, too_small, violations
from draw_files import large
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from service.domain.inspect import draws, published_draws
from service.domain.inspect.frames import freeze
from service.domain.inspect.published_draws import STEPS

SCRIPT = Path(published_draws.__file__).parents[2] / "web" / "static" / "draw-verifier.js"
CASES = 1000
VERDICTS = """files => files.map(text => {
  const {failure, remarks, listed, drawn} = DrawVerifier.verifyText(text);
  return {failure: failure && {...failure}, remarks, listed, drawn};
})"""
UNREADABLE = ["", "[]", "7", "null", "{", '{"format": NaN}', '"minyi-draw/1"', "[" * 100_000]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def in_python(text: str) -> dict[str, Any]:
    verdict = published_draws.verify_text(text)
    return {**asdict(verdict), "remarks": [list(remark) for remark in verdict.remarks]}


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def test_python_and_javascript_agree_on_a_thousand_files(browser: Browser) -> None:
    chance = random.Random(20261124)
    names = list(draw_files.BREAKS)
    kinds = [None if number % 3 == 0 else names[number % len(names)] for number in range(CASES)]
    files = [draw_files.published(chance) if kind is None else draw_files.broken(chance, kind) for kind in kinds]
    texts = [sent(file, chance) for file in files] + UNREADABLE
    page = browser.new_page()
    page.add_script_tag(path=SCRIPT)
    expected = [in_python(text) for text in texts]
    found = page.evaluate(VERDICTS, texts)
    page.close()
    for text, mine, theirs in zip(texts, expected, found, strict=True):
        assert mine == theirs, text
    failures = [verdict["failure"] or {"step": None, "reason": None} for verdict in expected]
    assert {failure["step"] for failure in failures} == {None, *STEPS}
    assert {failure["reason"] for failure in failures} == {None, *published_draws.REASONS}
    for kind, failure in zip(kinds, failures, strict=False):
        assert failure["step"] in ({None} if kind is None else draw_files.BREAKS[kind][0]), (kind, failure)
    assert {remark[0] for verdict in expected for remark in verdict["remarks"]} == set(published_draws.REMARKS)


def sent(file: dict[str, Any], chance: random.Random) -> str:
    """The file as text, its letters as they are or escaped; half a pair of surrogates can only be escaped."""
    text = json.dumps(file, ensure_ascii=False)
    whole = not any("\ud800" <= letter <= "\udfff" for letter in text)
    return text if whole and chance.random() < 0.5 else json.dumps(file)


def check_page(page: Page) -> None:
    """What holds of every state of the page: nothing too small, too wide or out of reach."""
    assert too_small(page) == []
    assert overflow(page) <= 0
    assert violations(page) == []


def test_a_reader_verifies_a_file_on_a_phone_without_network(address: str, browser: Browser) -> None:
    good, chance = large(3000, 25), random.Random(3)
    stratified = next(file for file in iter(lambda: draw_files.published(chance), None) if file["frame"]["strata"])
    swapped = good | {"drawn": [good["drawn"][1], good["drawn"][0], *good["drawn"][2:]]}
    with phone(browser, java_script_enabled=True) as page:
        console: list[str] = []
        page.on("console", lambda message: console.append(message.text))
        page.on("pageerror", lambda error: console.append(str(error)))
        page.goto(f"{address}/verify/?lang=zh-Hans")
        page.wait_for_load_state("networkidle")  # the worker has its script
        assert too_small(page) == []
        page.context.set_offline(True)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for file, kind, text in (
            (good, "ok", "抽取无误：从 3000 项中抽出 25 项。"),
            (swapped, "bad", "抽取有误。第 7 步不成立"),
            (stratified, "ok", "抽取无误"),
            ({}, "bad", "抽取有误。第 1 步不成立"),
        ):
            page.locator("#text").fill(json.dumps(file))
            page.locator("#verify").click()
            expect(page.locator(f"#status.{kind}")).to_contain_text(text)
            for summary in page.locator("#steps summary").all():
                summary.click()
            if file in (good, swapped):
                check_page(page)
            if file is swapped:
                expect(page.locator("#steps > .bad")).to_contain_text(good["drawn"][0])
                expect(page.locator("#steps > .ok")).to_have_count(6)
        assert (asked, console, len(page.workers)) == ([], [], 1)  # computed beside the page, which stays alive


def test_the_commands_that_the_page_shows_compute_the_same(address: str, browser: Browser, tmp_path: Path) -> None:
    file = large(40, 3)
    (tmp_path / "list.txt").write_text("".join(f"{serial}\n" for serial in reversed(file["frame"]["serials"])))
    (tmp_path / "draw.json").write_text(json.dumps(file), encoding="utf-8-sig")
    with phone(browser, "en", width=1000, java_script_enabled=True) as page:
        page.goto(f"{address}/verify/?lang=en")
        page.locator("#file").set_input_files(tmp_path / "draw.json")
        expect(page.locator("#status.ok")).to_contain_text("The draw holds: 3 items drawn from 40.")
        commands = page.locator("#steps pre").all_text_contents()
    shown = [run(command, tmp_path) for command in commands if "sha256sum" in command]
    first = draws.draw(freeze(file["frame"]["serials"]), file["seed"], 1)[0]
    secret = hashlib.sha256(bytes.fromhex(file["secrets"]["evaluator"])).hexdigest()
    ticket = hashlib.sha256((hashlib.sha256(file["seed"].encode()).hexdigest() + first.serial).encode()).hexdigest()
    assert shown == [[file["frame"]["sha256"]], [secret], [file["seed"]], [ticket, first.ticket]]


def run(command: str, folder: Path) -> list[str]:
    """What a command prints, without the file's name that sha256sum puts behind."""
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, cwd=folder)
    return [line.removesuffix("  -") for line in done.stdout.splitlines()]
