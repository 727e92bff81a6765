"""A whole round by pages alone: from an empty service to what everybody reads, each step by whoever has to take it.

Nothing is done over the API or behind the pages, except the first account, which the command makes. At the end the
total is the same on the page, in the API and in the evidence package, and everybody reads the grade.
"""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from before_the_round import ANSWERED, CAMPAIGN, ROUND, Before, picture, today
from browsers import chromium, phone, serving
from desk_people import PASSWORD, PATIENCE, Someone
from flask import Flask
from playwright.sync_api import expect
from whole_procedure import PDF

from service.operations import organisations

STAGES = (
    *("set_up", "questionnaire", "campaign", "answers", "frame", "ceremony", "visit", "reviewed", "objection"),
    *("opened", "self_evaluated", "grouped", "gathered", "scored", "reported", "appealed", "closed", "published"),
)
WHY = "Registers read, two sites visited and three recipients heard: the work is sound and well planned."


class Round(Before):
    """The same people, once the purchaser has opened a round."""

    def opened(self) -> None:
        """The purchaser opens the round with the scheme, and serves it on the provider."""
        buyer = self.at_project("buyer", "Open a round")
        buyer.send("Open the round", {"Name of the round": ROUND, "Kind": ROUND, "Scheme": "Small"})
        buyer.follow("Terms")
        buyer.send("Save", {"Appeal": "15", "Its address": "1 Some Road", "Its telephone": "020-12345"})
        buyer.follow("Take this step")
        buyer.send("Take this step", served("How it is served"))

    def self_evaluated(self) -> None:
        """The provider says what was done, with a file, and files it."""
        station = self.at_project("station", ROUND, "Self-evaluation")
        said = "What was done, and what came of it"
        station.follow_in_row("Top", "Fill in")
        station.send("Keep in the draft", {said: "We kept to the contract."})
        station.follow_in_row("Term", "Fill in")
        sheet = {"A further file": picture(self.folder), "What the file shows": "sign-in sheet"}
        station.send("Keep in the draft", {"Volume, over all workers": "12", said: "Twelve events."} | sheet)
        station.follow("File the self-evaluation")
        station.send("File it")
        station.sees("Receipts")

    def grouped(self) -> None:
        """The authority approves the evaluator on its papers; the purchaser appoints the group, which declares."""
        self.at_project("buyer", "Approval of the evaluator", "Propose an evaluator")
        self.buyer.send("Propose it", {"Organisation": "Evaluation centre"})
        evaluator = self.at_project("evaluator", "Approval of the evaluator", "Evaluation centre", "Add a paper")
        evaluator.send("Send the file", {"File: PDF, JPEG or PNG": paper(self.folder)})
        evaluator.follow("File the papers")
        proofs = ("What proves its qualification", "What proves its capability")
        evaluator.send("File them", {proof: ["PDF"] for proof in proofs})
        self.at_project("bureau", "Approval of the evaluator", "Evaluation centre", "Decide on the evaluator")
        self.bureau.send("Decide", {"Decision": "approved"})
        for name, comes_from, parts in (
            ("buyer", "purchaser", ("leads the group", "judges indicators")),
            ("scorer", "expert", ("judges indicators",)),
            ("evaluator", "expert", ("secretary",)),
        ):
            self.at_project("buyer", ROUND, "Evaluation group", "Appoint a member")
            person = {"Name of the person": name, "Comes from": comes_from, "Account": name}
            self.buyer.send("Appoint", person | dict.fromkeys(parts, True))
        for name in ("buyer", "scorer"):
            person = self.at_project(name, ROUND, "Evaluation group", "Your declaration of interest")
            person.send("Declare", {"Is there a conflict of interest?": "No"})
        self.step("buyer")

    def step(self, name: str, **more: str) -> None:
        """The round's next step, by whoever takes it."""
        person = self.at_project(name, ROUND, "Steps and what they demand", "Take this step")
        person.send("Take this step", more)
        person.sees("The round has moved on.")

    def gathered(self) -> None:
        """The evaluator binds survey and draw and enters what was verified; the purchaser waives a method."""
        evaluator = self.at_project("evaluator", ROUND, "Where evidence comes from")
        evaluator.send("Save", {"G35 Records": "Draw 1", "G28 Views": CAMPAIGN})
        self.at_project("evaluator", ROUND, "Entered evidence").follow_in_row("Term", "Enter")
        evaluator.send("Enter", {"Target": "12", "Verified": "9", "Read from": "sign-in sheets"})
        self.at_project("buyer", ROUND, "Steps and what they demand", "Go on without it")
        self.buyer.send("Waive it", {"Reason": "The agency has no rules of its own; its head was asked instead."})
        self.step("evaluator")

    def scored(self) -> None:
        """Two scorers, each on his own page, neither of whom sees the other's score."""
        for name, score in (("scorer", "80"), ("buyer", "60")):
            person: Someone = getattr(self, name)
            person.home("My scoring", ROUND, "Plans")
            person.send("Save", {"Score of 100": score, "Reason": WHY})
        self.step("evaluator")

    def reported(self) -> None:
        """The report is made while nobody waits for it; then the provider is told the result."""
        evaluator = self.at_project("evaluator", ROUND, "Reports", "Ask for a report")
        evaluator.fill({"Number of the document": "3", "简体中文": True})
        evaluator.press("Make it")
        expect(evaluator.page.locator("main")).to_contain_text("ready", timeout=4 * PATIENCE)
        self.step("buyer", **served("How it is served"))

    def appealed(self) -> None:
        """The provider appeals with a file; the authority takes it up, appoints a group and corrects a score."""
        station = self.at_project("station", ROUND, "Appeal against the result")
        station.send("Keep as a draft", {"What is appealed against, and why": "The rules exist; see the file."})
        station.follow("Add a file")
        station.send("Send the file", {"File: PDF, JPEG or PNG": picture(self.folder)})
        station.follow("File the appeal")
        station.send("File it")
        bureau = self.at_project("bureau", "Objections and appeals", ROUND, "Take the appeal up")
        bureau.send("Take it up")
        bureau.follow("Appoint the group")
        first = {"Name, row 1": "reviewer", "Account, row 1": "reviewer", "As, row 1": "an expert"}
        second = {"Name, row 2": "Second reviewer", "As, row 2": "a senior social worker"}
        bureau.send("Appoint the group", first | second)
        self.reviewer.home("My reviews", ROUND, "Note of the group")
        self.reviewer.send("Keep the note", {"Note": "The file shows the rules."})
        bureau.follow("The review")
        for score in ("60", "80"):
            bureau.fill({f"score: {score}": True})
        bureau.press("Correct what is ticked")
        corrected = {
            f"{what}, row {row}": text for row in (1, 2) for what, text in (("New value", "95"), ("Reason", WHY))
        }
        bureau.send("Look at what changes", {"What the group decided": "upheld", "Reasons": WHY} | corrected)
        bureau.press("Decide finally")
        bureau.sees("The result is final")

    def closed(self) -> None:
        """The survey ends for ever, and its figures are released: without that the public is told nothing of them."""
        self.at_project("evaluator", CAMPAIGN, "Close for ever").send("Close for ever")
        self.at_project("evaluator", CAMPAIGN, "Releases", "New release").send("Make the release")

    def published(self) -> None:
        """Three persons of the purchaser answer for what everybody reads."""
        self.keeper.home("Administration", "Organisations", "Street office", "Who signs publications")
        self.keeper.send("Save", {"Heads of offices": ["office-head"], "Heads of the unit": ["unit-head"]})
        self.at_project("buyer", ROUND, "Publication", "Draft a publication")
        self.buyer.send("Draft it", {"Disclosure": "open by itself", "Legal basis": "Measures, part 6 (3)"})
        for name, link, button in (
            ("office_head", "Sign as head of the office", "Sign"),
            ("unit_head", "Approve as head of the unit", "Approve"),
        ):
            person = self.at_project(name, ROUND, "Publication", today(), link)
            looked_for = ["state secrets", "trade secrets", "personal privacy"]
            person.send(button, {"I have looked for these, and found none": looked_for})
        self.at_project("buyer", ROUND, "Publication", today(), "Publish the result")
        self.buyer.send("Publish it")

    # --- What is read at the end

    def totals(self) -> dict[str, str]:
        """Where the total stands -> the total as it is shown there, to two places."""
        evaluator = self.at_project("evaluator", ROUND)
        round_id = evaluator.page.url.rsplit("/", 1)[1]
        shown = evaluator.page.locator("#total")
        exact = str(shown.get_attribute("value"))
        found = {"page": shown.inner_text(), "exact number behind it": rounded(exact)}
        evaluator.follow("Take away")
        with evaluator.page.expect_download() as package:
            evaluator.page.locator("a[href*='package.zip'], form[action*='package.zip'] button").first.click()
        package.value.save_as(self.folder / "package.zip")
        with zipfile.ZipFile(self.folder / "package.zip") as files:
            first, *_ = csv.DictReader(io.StringIO(files.read("results/2.csv").decode("utf-8-sig"), newline=""))
        found["package"] = rounded(first["points"])
        api = self.app.test_client()
        signed_in = api.post("/api/v1/sessions", json={"username": "evaluator", "password": PASSWORD})
        bearer = {"Authorization": f"Bearer {signed_in.get_json()['token']}"}
        result = api.get(f"/api/v1/rounds/{round_id}/results/2", headers=bearer).get_json()
        assert result["total"] == exact == first["points"]
        found["API"] = rounded(result["total"])
        return found

    def public(self) -> str:
        """The total that somebody without an account reads, beside grade and answers."""
        self.at_project("buyer", ROUND, "Publication", today(), "Its public address")
        with phone(self.browser, "en") as page:
            page.goto(self.buyer.page.url)
            expect(page.locator("p.grade b")).to_have_text("High")
            expect(page.locator("main")).to_contain_text(f"{ANSWERED} persons answered. Satisfied: 83.3 %.")
            shown = re.search(r"([\d.]+) / 100\.00", page.locator("main").inner_text())
            assert shown is not None
            return shown[1]


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_whole_round_by_pages_alone(app: Flask, tmp_path: Path) -> None:
    organisations.first_admin("keeper", PASSWORD, datetime.now(UTC))
    with serving(app) as address, chromium() as browser:
        walk = Round(app, browser, address, tmp_path)
        for stage in STAGES:
            getattr(walk, stage)()
        found = walk.totals()
        found["public page"] = walk.public()
    assert set(found.values()) == {"89.00"}, found


def served(how: str) -> dict[str, str]:
    return {"Served on": today(), how: "handed over", "Received by": "front desk"}


def rounded(exact: str) -> str:
    return str(Decimal(exact).quantize(Decimal("0.01"), ROUND_HALF_UP))


def paper(folder: Path) -> Path:
    (folder / "paper.pdf").write_bytes(PDF)
    return folder / "paper.pdf"
