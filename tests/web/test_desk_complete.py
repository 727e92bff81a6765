"""Whatever can be changed over the API by a person has a page at the desk that does it by the same operation."""

import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

API, DESK = "/api/v1", "/desk"
# What the API does -> the page of the desk that does it; a page that only computes is read, with GET.
PAGES = {
    "PUT /appeals/<id>": "POST /appeals/<id>/text",
    "PUT /appeals/<id>/acceptance": "POST /appeals/<id>/acceptance",
    "POST /appeals/<id>/attachments": "POST /appeals/<id>/files",
    "PUT /appeals/<id>/conclusion": "POST /appeals/<id>/conclusion",
    "PUT /appeals/<id>/decision": "POST /appeals/<id>/decision",
    "PUT /appeals/<id>/filing": "POST /appeals/<id>/filing",
    "PUT /appeals/<id>/review": "POST /appeals/<id>/panel",
    "POST /appeals/<id>/review/notes": "POST /appeals/<id>/notes",
    "POST /appeals/<id>/review/preview": "POST /appeals/<id>/decision",
    "PUT /appeals/<id>/withdrawal": "POST /appeals/<id>/withdrawal",
    "PUT /assignments/<id>": "POST /visits/<id>/items",
    "PUT /bans/<id>/lifting": "POST /bans/<id>/lifting",
    "POST /calendar-feeds": "POST /account/feed",
    "DELETE /calendar-feeds/<id>": "POST /account/feed/<id>/revoke",
    "PUT /calendars/<id>": "POST /calendars/<int:year>",
    "POST /campaigns": "POST /projects/<id>/campaigns/new/<questionnaire>/<int:number>",
    "PUT /campaigns/<id>": "POST /campaigns/<id>/settings",
    "POST /campaigns/<id>/institutions": "POST /campaigns/<id>/institutions",
    "PUT /campaigns/<id>/institutions/<institution>/opinion": "POST /campaigns/<id>/institutions/<institution>",
    "POST /campaigns/<id>/institutions/<institution>/scans": "POST /campaigns/<id>/institutions/<institution>",
    "PUT /campaigns/<id>/pause": "POST /campaigns/<id>/pause",
    "POST /campaigns/<id>/quality": "POST /campaigns/<id>/quality/scan",
    "POST /campaigns/<id>/quality/decisions": "POST /campaigns/<id>/quality/decide",
    "PUT /campaigns/<id>/quotas": "POST /campaigns/<id>/quotas",
    "POST /campaigns/<id>/releases": "POST /campaigns/<id>/releases/new",
    "POST /campaigns/<id>/responses/<response>/follow-up": "POST /campaigns/<id>/texts/<response>/follow-up",
    "POST /campaigns/<id>/responses/import": "POST /campaigns/<id>/paper/table",
    "PUT /campaigns/<id>/state": "POST /campaigns/<id>/open",
    "POST /campaigns/<id>/texts/tags": "POST /campaigns/<id>/texts",
    "POST /campaigns/<id>/themes": "POST /campaigns/<id>/themes/new",
    "POST /campaigns/<id>/tickets": "POST /campaigns/<id>/slips",
    "PUT /campaigns/<id>/tickets/<batch>/count": "POST /campaigns/<id>/slips/<batch>/count",
    "PUT /campaigns/<id>/tickets/<batch>/void": "POST /campaigns/<id>/slips/<batch>/void",
    "PUT /campaigns/<id>/window": "POST /campaigns/<id>/window",
    "PUT /change-rates/<id>/verdict": "POST /change-rates/<id>/verdict",
    "POST /checklists": "POST /checklists/new",
    "POST /checklists/shipped": "POST /checklists",
    "PUT /continuations/<id>/verified": "POST /continuations/<id>/verified",
    "POST /declarations": "POST /projects/<id>/declarations",
    "POST /districts/imports": "POST /district/import",
    "POST /districts/rankings": "GET /district",
    "POST /draws": "POST /projects/<id>/new-draw",
    "PUT /draws/<id>/agreements/<part>": "POST /draws/<id>/ceremony/<step>",
    "POST /draws/<id>/back-checks": "POST /draws/<id>/back-checks",
    "PUT /draws/<id>/commitments/<part>": "POST /draws/<id>/ceremony/<step>",
    "PUT /draws/<id>/public": "POST /draws/<id>/ceremony/<step>",
    "PUT /draws/<id>/secrets/<part>": "POST /draws/<id>/ceremony/<step>",
    "PUT /draws/<id>/spot-checks/state": "POST /draws/<id>/spot-checks/accept",
    "PUT /draws/<id>/state": "POST /draws/<id>/ceremony/<step>",
    "POST /draws/<id>/top-ups": "POST /draws/<id>/top-up",
    "POST /draws/<id>/user-notifications": "POST /draws/<id>/user-notifications",
    "POST /draws/plan": "GET /draw-planner",
    "PUT /evaluator-approvals/<id>/decision": "POST /evaluator-approvals/<id>/decision",
    "PUT /evaluator-approvals/<id>/filing": "POST /evaluator-approvals/<id>/filing",
    "POST /evaluator-approvals/<id>/papers": "POST /evaluator-approvals/<id>/papers",
    "POST /field-tokens": "POST /field-apps",
    "DELETE /field-tokens/<id>": "POST /field-apps/<id>/revoke",
    "PUT /follow-ups/<id>/answer": "POST /follow-ups/<id>/answer",
    "POST /follow-ups/<id>/evidence": "POST /follow-ups/<id>/answer",
    "PUT /follow-ups/<id>/look-back": "POST /follow-ups/<id>/look-back",
    "PUT /follow-ups/<id>/verdict": "POST /follow-ups/<id>/verdict",
    "DELETE /frame-imports/<id>": "POST /frame-imports/<id>/discard",
    "PUT /frame-imports/<id>": "POST /frame-imports/<id>",
    "POST /frame-imports/<id>/freeze": "POST /frame-imports/<id>/freeze",
    "POST /frames/<id>/comparisons": "POST /frames/<id>",
    "PUT /group-members/<id>/departure": "POST /rounds/<id>/group/<member>/departure",
    "POST /interviews": "POST /campaigns/<id>/interviews",
    "POST /interviews/<id>/answers": "POST /interviews/<id>/questions",
    "POST /interviews/<id>/attempts": "POST /interviews/<id>/outcome",
    "POST /interviews/<id>/next": "POST /interviews/<id>/next",
    "POST /interviews/<id>/returns": "POST /interviews/<id>/return",
    "PUT /interviews/<id>/state": "POST /interviews/<id>/close",
    "POST /interviews/<id>/tickets": "POST /interviews/<id>/tickets",
    "PUT /interviews/<id>/verification": "POST /interviews/<id>/verification",
    "PUT /judgements/<id>": "POST /rounds/<id>/scoring/<node>",
    "PUT /me/password": "POST /account/password",
    "PUT /notices/<id>": "POST /notices/<id>/change",
    "POST /notices/<id>/objections": "POST /notices/<id>/objections/new",
    "PUT /notices/<id>/state": "POST /notices/<id>/serve",
    "PUT /objections/<id>": "POST /objections/<id>/text",
    "PUT /objections/<id>/answer": "POST /objections/<id>/answer",
    "POST /objections/<id>/attachments": "POST /objections/<id>/files",
    "PUT /objections/<id>/correction": "POST /objections/<id>/correction",
    "PUT /objections/<id>/filing": "POST /objections/<id>/filing",
    "PUT /objections/<id>/withdrawal": "POST /objections/<id>/withdrawal",
    "POST /organisations": "POST /organisations/new",
    "PUT /organisations/<id>": "POST /organisations/<id>",
    "PUT /organisations/<id>/signatories": "POST /organisations/<id>/signatories",
    "PUT /payments/<id>/paid": "POST /payments/<id>/paid",
    "POST /projects": "POST /administration/new-project",
    "PUT /projects/<id>": "POST /projects/<id>/change",
    "POST /projects/<id>/contract-years": "POST /projects/<id>/contract-years/new",
    "POST /projects/<id>/evaluator-approvals": "POST /projects/<id>/evaluator-approvals/new",
    "POST /projects/<id>/follow-ups": "POST /projects/<id>/follow-ups",
    "POST /projects/<id>/frame-imports": "POST /projects/<id>/frames",
    "POST /projects/<id>/notices": "POST /projects/<id>/notices",
    "PUT /projects/<id>/payment-plan": "POST /projects/<id>/payment-plan",
    "POST /projects/<id>/payments": "POST /projects/<id>/payments/new",
    "POST /projects/<id>/recurring-tasks": "POST /projects/<id>/recurring-tasks/new",
    "POST /projects/<id>/recurring-tasks/from-scheme": "POST /projects/<id>/recurring-tasks/from-scheme",
    "POST /projects/<id>/schemes": "POST /projects/<id>/schemes/adjust",
    "POST /projects/<id>/sites": "POST /projects/<id>/sites/new",
    "PUT /projects/<id>/sites/<site>": "POST /projects/<id>/sites/<site>",
    "POST /projects/<id>/targets": "POST /projects/<id>/targets/new",
    "PUT /projects/<id>/targets/<target>": "POST /projects/<id>/targets/<target>",
    "PUT /publications/<id>/state": "POST /publications/<id>/publishing",
    "POST /questionnaire-drafts": "POST /questionnaires",
    "DELETE /questionnaire-drafts/<id>": "POST /questionnaires/<id>/delete",
    "PUT /questionnaire-drafts/<id>": "POST /questionnaires/<id>",
    "DELETE /questionnaire-drafts/<id>/answers": "POST /questionnaires/<id>/answers/delete",
    "POST /questionnaire-drafts/<id>/answers": "POST /questionnaires/<id>/try",
    "POST /questionnaire-drafts/<id>/publication": "POST /questionnaires/<id>/publish",
    "POST /questionnaires/<id>/draft": "POST /questionnaires",
    "POST /questionnaires/import": "POST /questionnaires/import",
    "POST /read-tokens": "POST /read-tokens",
    "DELETE /read-tokens/<id>": "POST /read-tokens/<id>/revoke",
    "POST /recurring-tasks/<id>/reports": "POST /recurring-tasks/<id>/report",
    "POST /rounds": "POST /projects/<id>/rounds/new",
    "POST /rounds/<id>/agency-assessments": "POST /rounds/<id>/agency-assessments/new",
    "POST /rounds/<id>/appeals": "POST /rounds/<id>/appeals/new",
    "POST /rounds/<id>/change-rates": "POST /rounds/<id>/change-rates/new",
    "POST /rounds/<id>/consequences": "POST /rounds/<id>/consequences/<name>",
    "POST /rounds/<id>/counters": "POST /rounds/<id>/entries/<node>",
    "PUT /rounds/<id>/deadlines/<deadline>": "POST /rounds/<id>/deadlines/<deadline>",
    "POST /rounds/<id>/decisions": "POST /rounds/<id>/entries/<node>",
    "POST /rounds/<id>/events": "POST /rounds/<id>/entries/<node>",
    "POST /rounds/<id>/gate-findings": "POST /rounds/<id>/entries/<node>",
    "POST /rounds/<id>/group": "POST /rounds/<id>/group/new",
    "POST /rounds/<id>/group/panel": "POST /rounds/<id>/group/panel",
    "POST /rounds/<id>/judgements": "POST /rounds/<id>/scoring/<node>",
    "PUT /rounds/<id>/judging": "POST /rounds/<id>/judging/day",
    "PUT /rounds/<id>/judging/<node>": "POST /rounds/<id>/judging/<node>/reopening",
    "POST /rounds/<id>/judging/lapses": "POST /rounds/<id>/judging/<node>/lapse/<rater>",
    "POST /rounds/<id>/measures": "POST /rounds/<id>/entries/<node>",
    "POST /rounds/<id>/publications": "POST /rounds/<id>/publications/new",
    "PUT /rounds/<id>/purchaser-opinion": "POST /rounds/<id>/purchaser-opinion",
    "POST /rounds/<id>/ratios": "POST /rounds/<id>/entries/<node>",
    "PUT /rounds/<id>/references": "POST /rounds/<id>/agency-references",
    "POST /rounds/<id>/reports": "POST /rounds/<id>/reports/new",
    "POST /rounds/<id>/scheme-changes": "POST /rounds/<id>/scheme-changes/new",
    "PUT /rounds/<id>/scheme-changes/<change>/decision": "POST /rounds/<id>/scheme-changes/<change>/decision",
    "PUT /rounds/<id>/scheme-changes/<change>/service": "POST /rounds/<id>/scheme-changes/<change>/service",
    "POST /rounds/<id>/score-sheets": "POST /rounds/<id>/scoring/<node>/of/<path:rater>",
    "PUT /rounds/<id>/self-evaluation": "POST /rounds/<id>/self-evaluation/facts",
    "POST /rounds/<id>/self-evaluation/files": "POST /rounds/<id>/self-evaluation/nodes/<node>",
    "PUT /rounds/<id>/self-evaluation/state": "POST /rounds/<id>/self-evaluation/filing",
    "PUT /rounds/<id>/sources": "POST /rounds/<id>/sources",
    "PUT /rounds/<id>/state": "POST /rounds/<id>/steps/<state>",
    "PUT /rounds/<id>/terms": "POST /rounds/<id>/terms",
    "POST /rounds/<id>/waivers": "POST /rounds/<id>/waivers/new",
    "POST /rounds/<id>/what-if": "POST /rounds/<id>/what-if",
    "POST /schemes": "POST /administration/publish-scheme",
    "DELETE /sessions": "POST /sign-out",
    "POST /sessions": "POST /sign-in",
    "PUT /spot-checks/<id>/state": "POST /spot-checks/<id>/review",
    "PUT /user-notifications/<id>/attendance": "POST /user-notifications/<id>/attendance",
    "POST /users": "POST /users/new",
    "PUT /users/<id>/active": "POST /users/<id>/switch-off",
    "PUT /users/<id>/password": "POST /users/<id>/password",
    "PUT /users/<id>/roles": "POST /users/<id>/roles",
    "POST /visits": "POST /projects/<id>/visits",
    "PUT /visits/<id>": "POST /visits/<id>/plan",
    "POST /visits/<id>/cancel": "POST /visits/<id>/cancel",
    "POST /visits/<id>/finish": "POST /visits/<id>/finish",
    "PUT /visits/<id>/persons": "POST /visits/<id>/persons",
    "POST /visits/<id>/start": "POST /visits/<id>/start",
}
# What has no page at the desk, and why.
REASONS = {
    "PUT /campaigns/<id>/institutions": "a list of institutions from another program; at the desk one after another",
    "POST /campaigns/<id>/tickets/<batch>/sheet": "slips to print are made with the batch, on its page",
    "POST /frames": "a list of serials from another program; people put in the file itself, with its columns",
    "POST /public/answers": "the respondent's form",
    "POST /public/forms/<code>/media": "the respondent's form",
    "POST /public/forms/<code>/responses": "the respondent's form",
    "POST /public/withdrawals": "the respondent's page of withdrawal",
    "POST /questionnaires": "a whole version from another program; people publish drafts",
    "POST /spot-checks": "the auditor's app",
}
# (right over the API, right of the page): pages of several steps, of which the operation asks for each one's right.
ASKED_INSIDE = {
    "POST /appeals/<id>/review/preview": ("reviews.read", "appeals.decide"),
    "POST /districts/rankings": ("rankings.read", "rounds.read"),
    "PUT /draws/<id>/public": ("draws.write", "draws.commit"),
    "PUT /draws/<id>/state": ("draws.write", "draws.commit"),
}


def access_of(view: Any, method: str) -> Any:
    return getattr(handler_of(view, method), "declared_access", None)


def handler_of(view: Any, method: str) -> Any:
    return getattr(getattr(view, "view_class", None), method.lower(), view)


def routes(app: Flask, root: str) -> Iterator[tuple[str, Rule]]:
    """("POST /projects", rule) of every address below `root`."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(f"{root}/"):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield f"{method} {rule.rule.removeprefix(root)}", rule


def called(source: str, names: dict[str, Any]) -> set[str]:
    """The operations that a text of code names: `module.function` of modules below service.operations."""
    found = set()
    for name, function in re.findall(r"\b([a-z_]+)\.([a-z_]+)\b", source):
        module = names.get(name)
        if isinstance(module, ModuleType) and module.__name__.startswith("service.operations"):
            found.add(f"{module.__name__.removeprefix('service.operations.')}.{function}")
    for name, thing in names.items():
        if getattr(thing, "__module__", "").startswith("service.operations.") and re.search(rf"\b{name}\b", source):
            found.add(f"{thing.__module__.removeprefix('service.operations.')}.{thing.__name__}")
    return found


def operations_of(view: Any, method: str, whole: bool) -> set[str]:
    """The operations of a view, or those of its whole module."""
    handler = inspect.unwrap(handler_of(view, method))
    module = inspect.getmodule(handler)
    return called(inspect.getsource(module if whole else handler), vars(module))


def test_whatever_a_person_changes_over_the_api_has_its_page(app: Flask) -> None:
    writing = {route for route, _ in routes(app, API) if not route.startswith("GET ")}
    assert writing - PAGES.keys() - REASONS.keys() == set(), "name its page, or say why it has none"
    assert (PAGES.keys() | REASONS.keys()) - writing == set(), "there is no such route any more"
    assert PAGES.keys() & REASONS.keys() == set()


def test_each_page_does_it_by_the_same_operation(app: Flask) -> None:
    api, desk = dict(routes(app, API)), dict(routes(app, DESK))
    assert set(PAGES.values()) - desk.keys() == set()
    other = []
    for route, page in PAGES.items():
        by_api = operations_of(app.view_functions[api[route].endpoint], route.split()[0], whole=False)
        at_desk = operations_of(app.view_functions[desk[page].endpoint], page.split()[0], whole=True)
        if not by_api & at_desk:
            other.append((route, page, by_api))
    assert other == []


def test_each_page_asks_for_the_same_right(app: Flask) -> None:
    api, desk = dict(routes(app, API)), dict(routes(app, DESK))
    other = {}
    for route, page in PAGES.items():
        rules = ((route, api[route]), (page, desk[page]))
        rights = tuple(access_of(app.view_functions[rule.endpoint], name.split()[0]) for name, rule in rules)
        if rights[0] != rights[1]:
            other[route] = rights
    assert other == ASKED_INSIDE
