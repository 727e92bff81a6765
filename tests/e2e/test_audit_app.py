"""The auditor's app while the network really drops: nothing is lost, nothing arrives twice, nothing is readable."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from audit_phone import PLACE, SAID, Hands, Network, a_visit, network, photo, stored
from browsers import ABOUT_COLOURS, chromium, eventually, overflow, phone, too_small, violations
from factories import EVALUATOR
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from service.domain.inspect.assignments import Assignment
from service.domain.inspect.spot_checks import SpotCheck
from service.operations.inspect import assignments, spot_check_reviews
from service.store import records
from service.web.pages import audit_shell

WAIT = re.compile(re.escape(SAID["pin_wait"]).replace(r"\{n\}", r"\d+"))
OPTIONS: dict[str, Any] = {"java_script_enabled": True, **PLACE}

# The versions of everything that this page has loaded.
VERSIONS = """() => [...new Set(performance.getEntriesByType("resource").map(each => each.name)
  .filter(name => name.includes("/audit/shell/")).map(name => name.split("/")[5]))]"""
# Every text and every byte in the database, as letters.
DUMP = """() => new Promise(resolve => {
  const opening = indexedDB.open("minyi-audit"), found = []
  opening.onsuccess = () => {
    const names = [...opening.result.objectStoreNames]
    let left = names.length
    names.forEach(name => {
      const asking = opening.result.transaction(name).objectStore(name).getAll()
      asking.onsuccess = () => {
        for (const row of asking.result) for (const value of Object.values(row)) {
          const bytes = value instanceof ArrayBuffer || ArrayBuffer.isView(value)
          found.push(bytes ? new TextDecoder().decode(value) : String(value))
        }
        if (!--left) { opening.result.close(); resolve(found) }
      }
    })
  }
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def net(app: Flask) -> Iterator[Network]:
    a_visit()
    with network(app) as net:
        yield net


def fits(page: Page) -> None:
    assert too_small(page) == []
    assert overflow(page) <= 0


def of_item(serial: str) -> list[SpotCheck]:
    return records.find(SpotCheck, serial=serial)


def test_a_visit_without_network_arrives_whole_though_the_network_drops_and_the_page_is_loaded_anew(
    net: Network, browser: Browser
) -> None:
    with phone(browser, **OPTIONS) as page:
        hands = Hands(page)
        hands.begin(net.address)
        first, second, *_ = hands.start_visit()
        fits(page)
        net.stop()  # from here on there is nobody to ask: the shell comes from the phone
        hands.item(first)
        hands.choose("exists", "yes")
        hands.choose("in_period", "no")
        page.reload()
        hands.unlock("111222")
        hands.sees("pin_wrong", n=9)
        hands.unlock()
        expect(hands.question("in_period").locator('input[value="no"]')).to_be_checked()
        hands.fill_in(photo=photo(turned=True))
        fits(page)
        hands.to_visit()
        hands.item(second)
        hands.press("not_found")
        expect(hands.question("exists").locator('input[value="no"]')).to_be_checked()
        hands.to_visit()
        sign_refused(hands)
        hands.item(first)
        change_after_signing(hands)
        hands.to_visit()
        hands.press("hand_in_all", n=2)
        page.goto(f"{net.address}/audit/#")
        hands.press("sign_out")
        hands.sees("sign_out_refused", n=2)
        fits(page)
        page.goto(f"{net.address}/audit/#queue")
        hands.sees("problem_offline")
        fits(page)
        send_with_interruptions(net, hands)
        assert page.evaluate(stored("photos")) == []
        kept = json.dumps(page.evaluate(stored("records")), default=str)
        assert "answers" not in kept
    arrived(first, second)


def sign_refused(hands: Hands) -> None:
    """Both records at once; the witness refuses, so the second auditor signs, who types the name."""
    hands.press("sign_all", n=2)
    hands.heading(SAID["sign"])
    hands.scrawl(0)
    hands.press("sign_now")
    hands.sees("witness_name_missing")
    hands.press("witness_refuses")
    hands.press("sign_now")
    hands.sees("refusal_reason_missing")
    hands.page.get_by_label(SAID["refusal_reason"]).fill("站长说没有时间")
    hands.named("type_instead").nth(1).click()
    hands.page.get_by_label(SAID["typed_name"]).last.fill("field-2")
    hands.page.get_by_label(SAID["typed_reason"]).last.fill("手受伤")
    fits(hands.page)
    hands.press("sign_now")
    hands.page.locator("#items a").first.wait_for()


def change_after_signing(hands: Hands) -> None:
    """A change is taken back without a reason, and kept with one."""
    yes, no = (hands.question("in_period").locator(f'input[value="{code}"]') for code in ("yes", "no"))
    yes.click()
    hands.press("undo_change")
    expect(no).to_be_checked()
    yes.click()
    hands.page.locator("dialog textarea").fill("看错了月份")
    hands.press("keep_change")
    expect(yes).to_be_checked()


def send_with_interruptions(net: Network, hands: Hands) -> None:
    """The server stops after the first piece, then the page is loaded anew, then the server comes back."""
    net.start()
    net.drop_after(1)
    hands.press("send_now")
    eventually(net.dropped.is_set)
    net.stop()
    hands.sees("problem_offline")
    hands.page.reload()
    before = net.pieces
    net.start()
    hands.unlock()
    hands.sees("queue_empty")
    assert before == 1


def arrived(first: str, second: str) -> None:
    (whole,), (lost,) = of_item(first), of_item(second)
    assert (whole.state, lost.state) == ("received", "received")
    assert whole.answers["in_period"] == "yes"
    assert [(each["question"], each["before"], each["after"], each["reason"]) for each in whole.changes] == [
        ("in_period", "no", "yes", "看错了月份")
    ]
    assert lost.attributes["found"] is False
    assert whole.signatures["witness"] == {"refused": True, "reason": "站长说没有时间"}
    assert whole.signatures["second"]["reason"] == "手受伤"
    assert (whole.position["latitude"], whole.position["accuracy_m"]) == (23.1, 12)
    assert whole.elapsed_s is not None
    assert whole.elapsed_s > 0
    assert set(whole.timings) >= {"exists", "in_period", "photo"}
    assert len(whole.media) == 3
    assert len({entry["sha256"] for entry in whole.media}) == 3


def test_what_lies_on_the_phone_is_readable_by_its_own_auditor_only(net: Network, browser: Browser) -> None:
    with phone(browser, **OPTIONS) as page:
        hands = Hands(page)
        hands.begin(net.address)
        serial, *_ = hands.start_visit()
        hands.item(serial)
        hands.choose("exists", "yes")
        hands.fill_in()
        hands.press("to_sign")
        hands.sign()
        net.stop()
        hands.press("hand_in")
        page.wait_for_url("**/#visit/*")
        page.goto(f"{net.address}/audit/#")
        hands.press("lock")
        page.locator("#pin").wait_for()
        everything = "".join(page.evaluate(DUMP))
        assert "field-1" in everything  # the name under which the store is chosen; nothing else
        for secret in (serial, "写得清楚", "case-record", "Street station", "exists"):
            assert secret not in everything
        net.start()
        hands.press("somebody_else")
        hands.sign_in("field-2")
        hands.choose_pin("583920")
        page.locator("#visits a").first.wait_for()
        assert not page.get_by_text(serial, exact=True).count()
        hands.press("lock")
        hands.page.get_by_text("field-1", exact=False).first.click()
        hands.unlock()
        page.goto(f"{net.address}/audit/#queue")
        hands.press("send_now")
        hands.sees("problem_other_user")
        assert of_item(serial) == []
        hands.press("sign_in")
        hands.sign_in()
        eventually(lambda: [spot.state for spot in of_item(serial)] == ["received"])
        assert {spot.by for spot in of_item(serial)} == {"field-1"}
        page.goto(f"{net.address}/audit/#")
        hands.press("sign_out")
        page.locator("#pin").wait_for()
        assert [each["name"] for each in page.evaluate(stored("vaults"))] == ["field-2"]
        for _ in range(10):
            hands.unlock("111222")
            expect(page.locator("button.main")).to_be_enabled()
        hands.unlock("583920")
        expect(page.locator(".problem")).to_have_text(WAIT)
        assert len(page.evaluate(stored("vaults"))) == 1


def test_a_returned_record_is_corrected_and_one_that_may_not_be_sent_is_kept(net: Network, browser: Browser) -> None:
    with phone(browser, **OPTIONS) as page:
        hands = Hands(page)
        hands.begin(net.address)
        serial, other, *_ = hands.start_visit()
        hands.item(serial)
        hands.choose("exists", "yes")
        hands.fill_in()
        hands.press("to_sign")
        hands.sign()
        hands.press("hand_in")
        expect(hands.state_of(serial)).to_have_text(SAID["state_stored"])
        (sent,) = of_item(serial)
        now = datetime.now(UTC)
        spot_check_reviews.review(EVALUATOR, now, sent.id, "returned", "请核对月份", sent.version)
        hands.press("to_visits")
        hands.press("fetch_visits")
        page.locator("#visits a").first.click()
        expect(hands.state_of(serial)).to_have_text(SAID["state_returned"])
        page.locator("#items a").filter(has_text=serial).click()
        hands.press("correct")
        expect(page.locator("#record-state")).to_contain_text("请核对月份")
        expect(hands.question("photo").locator(".photos")).to_contain_text(SAID["photo_at_office"])
        hands.question("in_period").locator('input[value="no"]').click()
        page.locator("dialog textarea").fill("五月，不是四月")
        hands.press("keep_change")
        hands.press("hand_in")
        expect(hands.state_of(serial)).to_have_text(SAID["state_stored"])
        taken_away(hands, other)
    by_state = {spot.state: spot for spot in of_item(serial)}
    assert set(by_state) == {"superseded", "received"}
    assert by_state["received"].supersedes == sent.id
    assert by_state["received"].answers["in_period"] == "no"
    assert by_state["received"].changes[-1]["reason"] == "五月，不是四月"
    assert by_state["received"].media == sent.media


def taken_away(hands: Hands, serial: str) -> None:
    """The item is given to somebody else while its record lies on the phone: it is kept, and the auditor told."""
    hands.item(serial)
    hands.press("not_found")
    hands.press("to_sign")
    hands.sign()
    (held,) = records.find(Assignment, serial=serial)
    assignments.reassign(EVALUATOR, datetime.now(UTC), held.id, "field-2", "ill")
    hands.press("hand_in")
    expect(hands.state_of(serial)).to_have_text(SAID["state_conflict"])
    (kept,) = of_item(serial)
    assert (kept.state, kept.reason, kept.by) == ("conflict", "not_assigned", "field-1")


def test_a_new_version_takes_over_whole_and_loses_nothing(
    app: Flask, net: Network, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with phone(browser, **OPTIONS) as page:
        hands = Hands(page)
        hands.begin(net.address)
        serial, *_ = hands.start_visit()
        hands.item(serial)
        hands.choose("exists", "yes")
        before = page.evaluate(VERSIONS)
        folder = shutil.copytree(audit_shell.FOLDER, tmp_path / "audit")
        with (folder / "dom.js").open("a", encoding="utf-8") as module:
            module.write("// newer\n")
        monkeypatch.setattr(audit_shell, "FOLDER", folder)
        monkeypatch.delitem(app.extensions, audit_shell.KEPT)
        page.evaluate("navigator.serviceWorker.ready.then(found => found.update()).then(() => true)")
        hands.question("remark").locator("textarea").press_sequentially("还没写完")
        hands.press("update_now")
        hands.unlock()
        expect(hands.question("remark").locator("textarea")).to_have_value("还没写完")
        after = page.evaluate(VERSIONS)
        assert (len(before), len(after)) == (1, 1)
        assert before != after
        monkeypatch.delitem(app.extensions, audit_shell.KEPT)


def test_a_full_phone_refuses_the_photo_and_keeps_the_record(net: Network, browser: Browser) -> None:
    with phone(browser, **OPTIONS) as page:
        hands, devtools = Hands(page), page.context.new_cdp_session(page)
        # Before the database is opened: Chromium looks at the quota then, and counts by itself for a while.
        devtools.send("Storage.overrideQuotaForOrigin", {"origin": net.address, "quotaSize": 3_500_000})
        hands.begin(net.address)
        serial, *_ = hands.start_visit()
        hands.item(serial)
        hands.choose("exists", "yes")
        told = hands.question("photo").locator(".problem")
        for _ in range(10):
            hands.question("photo").locator("input[type=file]").set_input_files(photo())
            expect(hands.question("photo").locator("[role=status]")).not_to_have_text(SAID["please_wait"])
            if told.count():
                break
        expect(told).to_have_text(SAID["photo_no_room"])
        kept = hands.question("photo").locator(".photos img").count()
        assert kept == len(page.evaluate(stored("photos"))) > 0
        hands.choose("in_period", "yes")
        page.reload()
        hands.unlock()
        expect(hands.question("in_period").locator('input[value="yes"]')).to_be_checked()
        expect(hands.question("photo").locator(".photos img")).to_have_count(kept)


def test_a_second_window_does_not_write_beside_the_first(net: Network, browser: Browser) -> None:
    with phone(browser, **OPTIONS) as page:
        hands = Hands(page)
        hands.begin(net.address)
        serial, *_ = hands.start_visit()
        hands.item(serial)
        hands.choose("exists", "yes")
        hands.question("remark").locator("textarea").press_sequentially("还没写完")
        other = Hands(page.context.new_page())
        other.page.goto(f"{net.address}/audit/")
        other.heading(SAID["other_window"])
        other.press("use_here")
        hands.sees("other_window_took")
        other.unlock()
        other.page.locator("#visits a").first.click()
        other.item(serial)
        expect(other.question("remark").locator("textarea")).to_have_value("还没写完")


def test_over_plain_http_the_app_says_why_it_cannot_work(net: Network, browser: Browser) -> None:
    with phone(browser, java_script_enabled=True) as page:
        page.goto(f"http://field.example:{net.port}/audit/")
        Hands(page).sees("needs_https")
        assert overflow(page) <= 0


@pytest.mark.parametrize("language", ["zh-Hans", pytest.param("en", marks=pytest.mark.long)])
def test_axe_finds_nothing(net: Network, browser: Browser, language: str) -> None:
    with phone(browser, language, bypass_csp=True, **OPTIONS) as page:
        hands = Hands(page)
        page.goto(f"{net.address}/audit/")
        page.locator("#username").wait_for()
        seen = [looked_at(page, "sign in")]
        hands.sign_in()
        page.locator("#pin-again").wait_for()
        seen.append(looked_at(page, "pin"))
        page.locator("#pin").fill("274913")
        page.locator("#pin-again").fill("274913")
        page.locator("button.main").click()
        page.locator("#visits a").first.click()
        page.locator("button.main").click()
        page.locator("#items a").first.click()
        hands.choose("exists", "yes")
        hands.fill_in()
        seen.append(looked_at(page, "record"))
        page.locator("#next button.main").click()
        page.locator("canvas.pad").first.wait_for()
        seen.append(looked_at(page, "sign"))
        page.goto(f"{net.address}/audit/#queue")
        page.locator("ul.list a").first.wait_for()
        seen.append(looked_at(page, "queue"))
        assert [each for each in seen if each] == []


def looked_at(page: Page, name: str) -> list[str]:
    fits(page)
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += violations(page, **ABOUT_COLOURS)
    page.emulate_media(color_scheme="light")
    return [f"{name}: {one}" for one in found]
