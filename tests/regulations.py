"""The rules of the source texts that the product must show, each in a few words, and the tests that show them."""

import ast
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent

MEASURES = {
    "G01": "four objects of evaluation",
    "G02": "wholly or partly public money, others by reference",
    "G04": "purchaser or competent department leads",
    "G05": "who may sit in the evaluation group",
    "G06": "a third party's papers and their approval",
    "G07": "review on the provider's appeal or the purchaser's application",
    "G08": "the competent department may organise directly",
    "G09": "process or result, objective or subjective",
    "G10": "four standards",
    "G11": "qualified social workers in post",
    "G12": "casework, group work, community work",
    "G13": "volume of the agency and average per worker",
    "G14": "large events",
    "G15": "attendances at large events",
    "G16": "contacts with recipients",
    "G17": "hours of casework interviews",
    "G18": "cases opened",
    "G19": "cases closed",
    "G20": "groups opened",
    "G21": "sessions of groups",
    "G22": "attendances at groups",
    "G23": "community work",
    "G24": "attendances at community work; the list is open",
    "G25": "benefit to recipients",
    "G26": "rate of change of recipients",
    "G27": "social benefit",
    "G28": "satisfaction of recipients and of related persons",
    "G29": "recognition by public bodies",
    "G30": "evaluation by departments and organisations",
    "G31": "management rules and how they are revised",
    "G32": "opinions of recipients and workers",
    "G33": "plans and measures",
    "G34": "leaflets and boards",
    "G35": "complete and true records, kept whole",
    "G36": "timely and accurate statistical reports",
    "G37": "periodic review and improvement",
    "G38": "orderly finance",
    "G39": "staff in good condition, stable, taking part",
    "G40": "contract and measures are the yardstick",
    "G41": "four methods",
    "G42": "minimum of document review",
    "G43": "minimum of interviews",
    "G44": "minimum of observation",
    "G45": "minimum of spot checks",
    "G46": "preliminary, mid-term and final evaluation",
    "G47": "mid-term self-evaluation on an agreed date",
    "G48": "final self-evaluation within 15 days",
    "G49": "self-evaluation of four areas, filed with both",
    "G50": "the official evaluation follows the self-evaluation",
    "G51": "it normally takes no more than 15 days",
    "G52": "the report's three parts",
    "G53": "100 points, 20/20/30/30, adjustable",
    "G54": "five grades",
    "G55": "notice of the result",
    "G56": "appeal by the provider",
    "G57": "review within 30 days of acceptance",
    "G58": "the review is final and published",
    "G59": "reward",
    "G60": "cut of funds",
    "G61": "two years without public contracts",
    "G62": "unfinished tasks go on until done",
    "G63": "qualification withdrawn in grave cases",
    "G64": "annexes for domains and groups",
    "G65": "adjustments by project",
    "G66": "the provider's own manual",
    "G67": "valid for five years",
}
CONTRACT = {
    "S01": "standards, quantities and dates of the contract",
    "S02": "payment by stages, retained sum",
    "S03": "a third party to the contract follows the run",
    "S04": "performance, benefit, public satisfaction; audit of funds",
    "S05": "quarterly and half-yearly checks",
    "S06": "the purchaser's opinion",
    "S08": "terms of other rules: 15 working days",
    "S09": "30/65/5 %, on signed acceptance",
}
PROCEDURES = {
    "C01": "three classes of services",
    "C02": "what can be quantified is",
    "C03": "evaluation of continuing services",
    "C04": "acceptance of what is delivered once",
    "C05": "the result is tied to payment",
    "C06": "questionnaires before a purchase",
    "C07": "separation of duties",
    "C09": "intervals with their own points",
    "C10": "eligibility is not scored",
    "C11": "three years at most, signed yearly by result",
    "C12": "the purchaser or its third party evaluates",
    "C13": "three or more users are told, to supervise",
    "C14": "four ways of checking",
    "C15": "complaints and media reports are verified, apart",
    "C16": "professionals and citizens rate",
    "C17": "quality, quantity, effect and cost",
    "C18": "written notice of check results",
    "C19": "objection in writing with evidence",
    "C20": "answer in five working days, errors corrected",
    "C21": "objection to a check, appeal to a result",
    "C22": "no payment without the evaluation's papers",
    "C23": "purchaser, recipients and third party together",
    "C24": "eight contents",
    "C25": "re-evaluation by the finance department",
    "C26": "publication, history of a supplier",
    "C27": "no secrets and no privacy in publication",
    "C28": "audit, remedy channel named",
    "C30": "deviations are corrected at once",
}
POINTS = {
    "I01": "a year with its own start",
    "I02": "groups of units",
    "I03": "points by type, an instruction adds",
    "I04": "further types",
    "I05": "points by role",
    "I06": "only the highest bonus",
    "I07": "commissioned items on time",
    "I08": "negative points without a floor",
    "I09": "targets of quarter and year",
    "I10": "half of it to the superior, not chained",
    "I11": "monthly publication, half-year summary",
    "I12": "praise for every quarter",
    "I13": "criticism for quarters missed",
}
NOTICES = {
    "O01": "answered in time, satisfied among those who rated",
    "O02": "structured survey and appraisal of a unit, kept apart",
    "O03": "rolling evaluation beside rounds",
    "O04": "look-back and rectification",
    "O05": "classes of disclosure, approval in three steps",
    "O07": "supervisors' reports are no random sample",
    "O09": "units, windows and persons; persons restricted",
    "O10": "rewards graded or for years",
    "O11": "coverage and pass rates as plain ratios",
    "O12": "grades by thresholds",
    "O13": "one chance to rectify",
    "O14": "before, during and after",
    "N01": "terms and monthly statistics of instruction rules",
}
RULES = MEASURES | CONTRACT | PROCEDURES | POINTS | NOTICES


@cache
def marked() -> dict[str, list[str]]:
    """Rule id -> the tests that carry its mark, as `file::test` below tests/."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for id in _ids(node):
                    found.setdefault(id, []).append(f"{path.relative_to(TESTS).as_posix()}::{node.name}")
    return found


def _ids(test: ast.FunctionDef) -> list[str]:
    return [
        argument.value
        for mark in test.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.rule"
        for argument in mark.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def table() -> str:
    """The table of CONTRIBUTING: each rule and the tests that show it."""
    tests = marked()
    rows = [
        f"| {id} | {words} | {'<br>'.join(f'`{name}`' for name in tests.get(id, []))} |" for id, words in RULES.items()
    ]
    return "\n".join(["| rule | what it asks | shown by |", "|---|---|---|", *rows])


if __name__ == "__main__":
    print(table())
