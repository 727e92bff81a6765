"""What comes before a round, by pages alone: people, questions, answers, records that were looked up, an objection.

Every person has a browser of his own and follows links; recipients and auditors have phones of 360 px.
"""

from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pypdfium2
import zxingcpp
from audit_phone import PLACE, SAID, Hands
from browsers import phone
from casework import PICTURE
from desk_people import PASSWORD, PATIENCE, Someone
from flask import Flask
from playwright.sync_api import Browser, expect
from whole_procedure import WALKED

CHINA = ZoneInfo("Asia/Shanghai")
PROJECT, CAMPAIGN, ROUND = "Riverside service", "Autumn survey", "Final evaluation"
ORGANISATIONS = {
    "District bureau": "Authority in charge",
    "Street office": "Purchaser",
    "Sunshine social work": "Service provider",
    "Evaluation centre": "Evaluator",
    "Second institute": "Evaluator",
}
USERS = {  # user -> (organisation, role)
    "bureau": ("District bureau", "Authority"),
    "buyer": ("Street office", "Purchaser"),
    "office-head": ("Street office", "Purchaser"),
    "unit-head": ("Street office", "Purchaser"),
    "station": ("Sunshine social work", "Provider"),
    "evaluator": ("Evaluation centre", "Evaluator"),
    "auditor": ("Evaluation centre", "Auditor (Evaluator)"),
    "companion": ("Evaluation centre", "Auditor (Evaluator)"),
    "scorer": ("Evaluation centre", "Invited scorer (Evaluator)"),
    "reviewer": ("Second institute", "Evaluator"),
}
TOLD = {  # what respondents are told
    "Who has the survey made": "区民政局",
    "Who asks": "评估中心",
    "What the answers are for": "了解服务质量",
    "How long they are kept": "五年",
    "Where to complain": "市民热线",
}
QUESTION = {
    "简体中文": "您会向邻居推荐本站吗？",
    "繁體中文": "您會向鄰居推薦本站嗎？",
    "English": "Would you recommend it?",
}
LEVELS = ("非常满意", "满意", "基本满意", "满意", "不满意", "非常满意", "满意")
ISSUED = {"East": 8, "West": 6}  # slips
ANSWERED = 12


def at(**later: int) -> str:
    """A moment as a form takes it, in the country's time."""
    return (datetime.now(CHINA) + timedelta(**later)).strftime("%Y-%m-%dT%H:%M")


def today(days: int = 0) -> str:
    return at(days=days)[:10]


# The small scheme of the tests: a survey of all who were present, a check, an expert's judgement; and its deadlines.
VIEWS = """\
  - id: views
    parent: top
    type: survey
    rules: [G28]
    weight: 30
    label: {zh-Hans: 意见, zh-Hant: 意見, en: Views}
    tags: {nature: result, view: subjective, object: [beneficiary satisfaction]}
    methods: [spot_check]
    population: recipients
    questionnaire: recipients
    scale: satisfaction
    figure: top3_rate
    points: linear
    distributions: [all_present_evaluator]
    modes: [own_phone]
    min_n: 10
    min_response: 50
    if_below: census
"""
SCHEME = WALKED.replace("weight: 60", "weight: 30") + VIEWS


class Before:
    """The people of a round, who come to the desk when it is their turn."""

    def __init__(self, app: Flask, browser: Browser, address: str, folder: Path) -> None:
        self.app, self.browser, self.address, self.folder = app, browser, address, folder
        self.people: dict[str, Someone] = {}
        self.codes: list[str] = []

    def __getattr__(self, name: str) -> Someone:
        user = name.replace("_", "-")
        if user not in ("keeper", *USERS):
            raise AttributeError(name)
        if user not in self.people:
            self.people[user] = Someone(self.browser, self.address, user)
        return self.people[user]

    def at_project(self, name: str, *links: str) -> Someone:
        """This person, who has gone from the first page to the project and on by these links."""
        person: Someone = getattr(self, name)
        person.home("Projects", PROJECT, *links)
        return person

    # --- Before the round: who takes part, what is asked

    def set_up(self) -> None:
        """The administrator makes organisations, accounts and the project with its sites."""
        for name, kind in ORGANISATIONS.items():
            self.keeper.home("Administration", "Organisations", "New organisation")
            self.keeper.send("Add", {"Name": name, "Kind": kind})
        for user, (organisation, role) in USERS.items():
            self.keeper.home("Administration", "Users", "New user")
            account = {"User name": user, "First password": PASSWORD, "Organisation": organisation, role: True}
            self.keeper.send("Add", account)
        self.keeper.home("Administration", "Open a project")
        parties = dict(
            zip(("Authority in charge", "Purchaser", "Service provider", "Evaluator"), ORGANISATIONS, strict=False)
        )
        days = {"Begins on": today(-300), "Ends on": today(-3)}
        self.keeper.send("Open a project", {"Name": PROJECT, **parties, **days})
        for site in ISSUED:
            self.at_project("keeper", "Sites and sessions", "New site").send("Add", {"Name": site})
        self.keeper.home("Administration", "Publish a scheme")
        self.keeper.send("Publish", {"Text of the scheme (YAML)": SCHEME})

    def questionnaire(self) -> None:
        """The evaluator takes a template, adds a question, tries it out and publishes it."""
        evaluator = self.evaluator
        evaluator.home("Questionnaires")
        evaluator.send("Begin a draft", {"Template": "Social services satisfaction survey"})
        evaluator.follow("Edit the questions")
        with evaluator.page.expect_navigation():
            evaluator.page.get_by_role("link", name="＋ Add a question here").nth(-2).click()
        evaluator.press("Yes or no")
        evaluator.send("Save", QUESTION)
        evaluator.follow("Try out and publish", "Try it out")
        evaluator.within_group("All in all").get_by_label("Satisfied", exact=True).check()
        evaluator.press("Send")
        evaluator.press("Publish version 1")
        evaluator.sees("it never changes")

    def campaign(self) -> None:
        """Makes a campaign of it, opens it, and prints slips for both sites."""
        evaluator = self.at_project("evaluator", "New campaign", "Choose")
        window = {"Name": CAMPAIGN, "Opens at": at(hours=-1), "Closes at": at(days=30)}
        told = {f"{fact} (简体中文)": text for fact, text in TOLD.items()} | {"Official telephone number": "020-12345"}
        evaluator.send(
            "Save the draft", window | dict.fromkeys(ISSUED, True) | {"繁體中文": False, "English": False} | told
        )
        evaluator.follow("Open the campaign")
        evaluator.send("Open the campaign")
        for site, count in ISSUED.items():
            self.at_project("evaluator", CAMPAIGN, "Codes in print")
            evaluator.fill({"Site and session": site, "Handed out to": "all present, handed out by the evaluator"})
            evaluator.fill({"How many": str(count)})
            self.codes += codes_on(evaluator.download("Print codes", self.folder / f"{site}.pdf"))
        assert len(self.codes) == sum(ISSUED.values())

    def answers(self) -> None:
        """Recipients open what their slip says, on phones without scripts."""
        for place, code in enumerate(self.codes[1 : ANSWERED + 1]):
            with phone(self.browser) as page:
                page.goto(self.address + urlsplit(code).path)
                level = LEVELS[place % len(LEVELS)]
                page.get_by_role("group", name="总的来说").get_by_label(level, exact=True).check()
                page.get_by_label("您最希望服务改进什么").fill("多办一些活动")
                page.get_by_role("button", name="提交").click()
                expect(page.locator("main")).to_contain_text("回执号")

    # --- What is looked up

    def frame(self) -> None:
        """The evaluator puts the register of records in and freezes it; the provider reads its receipt."""
        rows = [f"R-{number:03},2026-03-{number % 27 + 1:02}" for number in range(40)]
        register = self.folder / "register.csv"
        register.write_text("\n".join(["编号,日期", *rows]), encoding="utf-8")
        evaluator = self.at_project("evaluator", "Lists and receipts")
        evaluator.send("Read the file", {"File (CSV or XLSX)": register})
        evaluator.send("Check every row", {"Name": "Cases 2026", "Where it comes from": "case register"})
        evaluator.send("Freeze the list")
        self.at_project("station", "Lists and receipts", "Receipt").sees("Cases 2026")

    def ceremony(self) -> None:
        """Evaluator and provider make the seed together: neither alone knows what will be drawn."""
        evaluator = self.at_project("evaluator", "Plan a draw")
        deadlines = {"Commitments until": at(days=1), "Secrets until": at(days=2)}
        evaluator.send("Plan the draw", {"How many in all": "4", "Service provider": True} | deadlines)
        station = self.at_project("station", "Draw 1")
        station.page.get_by_role("button", name="Make a secret in this browser").click()
        secret = station.page.locator("#secret-shown").inner_text()
        station.send("Deposit the commitment")
        station.send("Reveal", {"Secret": secret})
        station.sees("sealed until the visit")

    def visit(self) -> None:
        """A visit is planned; the auditor opens the draw on his phone and looks the records up."""
        self.evaluator.home("Checklists")
        self.evaluator.press("Put into use: Spot check of a case record")
        for name in ("auditor", "companion"):
            self.at_project(name, "Visits").send("Declare", {"No": True})
        evaluator = self.at_project("evaluator", "Visits")
        persons = {"Who leads": "auditor", "auditor": True, "companion": True}
        evaluator.send("Plan a visit", {"Site": "East", "Day": today(), "Draw 1": True} | persons)
        for name in ("auditor", "companion"):
            with phone(self.browser, java_script_enabled=True, **PLACE) as page:
                look_up(Hands(page), self.address, name)

    def reviewed(self) -> None:
        """The evaluator accepts what came in, and ends the visit."""
        evaluator = self.at_project("evaluator", "Spot checks")
        evaluator.send("Show", {"Draw": "Draw 1"})
        evaluator.press("Accept all")
        self.at_project("evaluator", "Visits", today()).send("Finish the visit")

    def objection(self) -> None:
        """The provider is told of the checks, objects, and is answered."""
        evaluator = self.at_project("evaluator", "Notices")
        office = {
            "Office that receives objections": "District bureau",
            "Address": "1 Some Road",
            "Telephone": "020-12345",
        }
        what = {"Draw 1": True, "What the provider should know": "Four records were looked up."}
        evaluator.send("Write the draft", what | office | {"Working days to object, from receipt": "5"})
        evaluator.send("Issue the notice")
        received = {"Way of serving": "handed over", "Who received it": "front desk"}
        evaluator.send("Record it", {"Served on": today()} | received)
        station = self.at_project("station", "Notices", "No. 1", "Object to notice No. 1")
        station.send("Keep as a draft", {"What is objected to, and why": "The signatures are on the second page."})
        station.follow("Add a file")
        station.send("Send the file", {"File: PDF, JPEG or PNG": picture(self.folder)})
        station.follow("File the objection")
        station.send("File it")
        self.at_project("buyer", "Objections and appeals", "Objection to notice No. 1", "Answer the objection")
        reasons = {"What was found": "dismissed", "Reasons": "There is no second page."}
        self.buyer.send("Answer", reasons)
        self.buyer.sees("dismissed")


def picture(folder: Path) -> Path:
    (folder / "picture.jpg").write_bytes(PICTURE)
    return folder / "picture.jpg"


def look_up(hands: Hands, address: str, name: str) -> None:
    """What an auditor does on the phone: each of his records, answered, signed and handed in."""
    hands.begin(address, name)
    hands.page.locator("#visits a").first.click()
    hands.page.locator("#items a:visible, main button:visible").first.wait_for()
    if not hands.page.locator("#items a").count():  # the first of the two starts the visit
        hands.press("start_visit")
    hands.page.locator("#items a").first.wait_for()
    for serial in hands.page.locator("#items strong").all_inner_texts():
        hands.item(serial)
        hands.choose("exists", "yes")
        hands.fill_in()
        hands.press("to_sign")
        hands.sign()
        hands.press("hand_in")
        expect(hands.state_of(serial)).to_have_text(SAID["state_stored"], timeout=PATIENCE)


def codes_on(sheet: Path) -> list[str]:
    """The addresses in the square codes of a printed sheet."""
    document = pypdfium2.PdfDocument(sheet)
    pages = [page.render(scale=150 / 72).to_pil().convert("L") for page in document]
    document.close()
    return [found.text for page in pages for found in zxingcpp.read_barcodes(page)]
