"""A district's workbook: many stations at once, read into the projects, sites, campaigns, rounds and slips it asks for.

The sheet `stations` has a row for each site, the sheet `round` a row for each fact that all of them share.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from service.domain.collect.campaigns import NOTICE_TEXTS, Campaign
from service.domain.collect.tickets import POSTER, SLIP, Batch
from service.domain.days import CHINA
from service.domain.errors import Fault, Refused, problem
from service.domain.evaluate.rounds import KINDS, LEADS, PURCHASER, Round
from service.domain.modes import DISTRIBUTIONS
from service.domain.projects import Project, Site
from service.domain.shapes import has_forbidden

STATIONS, SHARED = "stations", "round"
MOST_STATIONS, MOST_SLIPS, MOST_TEXT = 500, 50_000, 200
PARTS = ("authority", "purchaser", "provider", "evaluator")
NEEDED = ("project", "project_name", *PARTS, "site", "site_name")
COLUMNS = (*NEEDED, "address", "starts_on", "ends_on", "slips", "distribution", "posters")
SHARED_FACTS = (
    "round",
    "round_name",
    "kind",
    "scheme",
    "lead",
    "direct_reason",
    "expired_reason",
    "self_evaluation_on",
    "self_evaluation_set",
    "adoption_document",
    "adoption_number",
    "adoption_date",
    "review_name",
    "review_address",
    "review_phone",
    "survey_node",
    "campaign",
    "campaign_name",
    "questionnaire",
    "questionnaire_version",
    "population",
    "languages",
    "opens_at",
    "closes_at",
    "open",
    "phone",
)
NAME = re.compile(r"[A-Za-z0-9_-]{1,24}")  # ids are put together from three of these and must stay within 80
NAME_EXPECTED = "1 to 24 of A-Z a-z 0-9 _ -"
TRUE, FALSE = ("yes", "true", "1", "是"), ("no", "false", "0", "否", "")
Rows = Sequence[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True)
class Wanted:
    """One thing that the workbook asks for: the record as it is to be, and the row that asks for it first.

    `set_by` names the fields that the workbook decides; the others are the server's and do not make two records differ.
    """

    kind: str  # project | site | campaign | round | batch
    record: Any
    row: int
    project: str
    set_by: tuple[str, ...]

    @property
    def id(self) -> str:
        return str(self.record.id)

    def differs(self, there: Any) -> list[str]:
        """The fields in which the stored record is another one than the workbook's."""
        return [name for name in self.set_by if _plain(getattr(there, name)) != _plain(getattr(self.record, name))]


@dataclass(frozen=True)
class District:
    """What a workbook asks for, in the order in which it has to be made. `opens`: campaigns are opened at once."""

    wanted: tuple[Wanted, ...]
    opens: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> list[Wanted]:
        return [one for one in self.wanted if one.kind == kind]


def read(stations: Rows, shared: Rows, key_id: str, now: datetime, by: str) -> District:
    """The district of a workbook. Raises Refused("import_invalid") with every fault at its sheet, row and column.

    A project may stand in several rows, one for each of its sites; what it says of itself must be the same in all.
    """
    faults: list[Fault] = []
    if not stations:
        faults.append(Fault(STATIONS, "empty"))
    if len(stations) > MOST_STATIONS:
        faults.append(Fault(STATIONS, "too_many", {"limit": MOST_STATIONS}))
    facts = _facts(shared, faults)
    rows = [(number, _station(number, row, faults)) for number, row in stations[:MOST_STATIONS]]
    _check_repeated(rows, faults)
    if sum(row["slips"] + row["posters"] for _, row in rows) > MOST_SLIPS:
        faults.append(Fault(f"{STATIONS}.slips", "too_many", {"limit": MOST_SLIPS}))
    asked = _shared(facts, faults)
    if faults:
        raise Refused("import_invalid", faults)
    wanted = [*_projects(rows), *_sites(rows)]
    if facts.get("campaign"):
        wanted += [*_campaigns(rows, facts, asked), *_batches(rows, facts, key_id, now, by)]
    if facts.get("round"):
        wanted += _rounds(rows, facts, asked, now)
    return District(tuple(wanted), asked["open"], facts)


def _facts(shared: Rows, faults: list[Fault]) -> dict[str, str]:
    """Field -> value of the sheet of shared facts."""
    found: dict[str, str] = {}
    notices = {f"notice.{fact}" for fact in NOTICE_TEXTS}
    for number, row in shared:
        name, value = row.get("field", "").strip(), row.get("value", "").strip()
        known = name in SHARED_FACTS or name.rpartition(".")[0] in notices or name.startswith("term.")
        if not known:
            options = ", ".join([*SHARED_FACTS, "notice.<fact>.<language>", "term.<deadline>"])
            faults.append(Fault(f"{SHARED}.{number}.field", "not_an_option", {"value": name, "options": options}))
        elif name in found:
            faults.append(Fault(f"{SHARED}.{number}.field", "duplicate", {"value": name}))
        elif has_forbidden(value):
            faults.append(Fault(f"{SHARED}.{number}.value", "control_characters"))
        elif value:
            found[name] = value
    return found


def _station(number: int, row: Mapping[str, str], faults: list[Fault]) -> dict[str, Any]:
    """One row, typed; what does not fit is a fault and stands as if it were empty."""
    place, cells = f"{STATIONS}.{number}", {name: value.strip() for name, value in row.items()}
    faults += _cell_faults(place, cells)
    found: dict[str, Any] = {name: cells.get(name, "") for name in COLUMNS}
    for name in ("starts_on", "ends_on"):
        found[name] = _day(f"{place}.{name}", cells.get(name, ""), faults)
    for name in ("slips", "posters"):
        found[name] = _whole(f"{place}.{name}", cells.get(name, ""), faults)
    return found | {"distribution": _distribution(place, cells, found["slips"], faults)}


def _cell_faults(place: str, cells: Mapping[str, str]) -> Iterator[Fault]:
    for name in sorted(set(cells) - set(COLUMNS)):
        yield Fault(f"{place}.{name}", "not_an_option", {"value": name, "options": ", ".join(COLUMNS)})
    for name in NEEDED:
        if not cells.get(name):
            yield Fault(f"{place}.{name}", "missing")
    for name in ("project", "site"):
        if cells.get(name) and not NAME.fullmatch(cells[name]):
            yield Fault(f"{place}.{name}", "wrong_type", {"expected": NAME_EXPECTED})
    for name in ("project_name", "site_name", "address"):
        yield from _text_faults(f"{place}.{name}", cells.get(name, ""))


def _text_faults(place: str, text: str) -> list[Fault]:
    if len(text) > MOST_TEXT:
        return [Fault(place, "too_long", {"limit": MOST_TEXT})]
    return [Fault(place, "control_characters")] if has_forbidden(text) else []


def _distribution(place: str, cells: Mapping[str, str], slips: int, faults: list[Fault]) -> str:
    """How slips reach people; drawn persons need a frame, which no station has before it exists."""
    given = cells.get("distribution", "")
    allowed = [code for code in DISTRIBUTIONS if code not in ("poster", "drawn_persons")]
    if slips and given not in allowed:
        params = {"value": given or "nothing", "options": ", ".join(allowed)}
        faults.append(Fault(f"{place}.distribution", "not_an_option", params))
    return given


def _day(place: str, text: str, faults: list[Fault]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(Fault(place, "wrong_type", {"expected": "a date such as 2026-03-31"}))
        return None


def _whole(place: str, text: str, faults: list[Fault]) -> int:
    if not text:
        return 0
    if text.isascii() and text.isdecimal() and len(text) < 7:
        return int(text)
    faults.append(Fault(place, "wrong_type", {"expected": "a whole number, or nothing"}))
    return 0


def _check_repeated(rows: Sequence[tuple[int, dict[str, Any]]], faults: list[Fault]) -> None:
    first: dict[str, dict[str, Any]] = {}
    sites: dict[str, str] = {}
    for number, row in rows:
        place, before = f"{STATIONS}.{number}", first.setdefault(row["project"], row)
        for name in ("project_name", *PARTS, "starts_on", "ends_on"):
            if row[name] != before[name]:
                faults.append(
                    problem(
                        f"{place}.{name}",
                        "the project {project!r} stands with another {name} in a row above",
                        project=row["project"],
                        name=name,
                    )
                )
        if row["site"] and row["site"] in sites:
            faults.append(Fault(f"{place}.site", "duplicate", {"value": row["site"]}))
        sites[row["site"]] = row["project"]


def _shared(facts: Mapping[str, str], faults: list[Fault]) -> dict[str, Any]:
    """The shared facts that are no plain texts, typed."""
    needs: tuple[str, ...] = ()
    if facts.get("round"):
        needs += ("round_name", "kind", "scheme")
    if facts.get("campaign"):
        needs += ("campaign_name", "questionnaire", "questionnaire_version", "population", "languages")
        needs += ("opens_at", "closes_at")
    faults += [Fault(f"{SHARED}.{name}", "missing") for name in needs if not facts.get(name)]
    for name in ("round", "campaign"):
        if facts.get(name) and not NAME.fullmatch(facts[name]):
            faults.append(Fault(f"{SHARED}.{name}", "wrong_type", {"expected": NAME_EXPECTED}))
    for name, options in (("kind", KINDS), ("lead", LEADS), ("open", (*TRUE, *FALSE))):
        if facts.get(name) and facts[name] not in options:
            params = {"value": facts[name], "options": ", ".join(option for option in options if option)}
            faults.append(Fault(f"{SHARED}.{name}", "not_an_option", params))
    return {
        "open": facts.get("open", "") in TRUE,
        "questionnaire_version": _whole(
            f"{SHARED}.questionnaire_version", facts.get("questionnaire_version", ""), faults
        ),
        "opens_at": _moment("opens_at", facts, faults),
        "closes_at": _moment("closes_at", facts, faults),
        "self_evaluation_on": _day(f"{SHARED}.self_evaluation_on", facts.get("self_evaluation_on", ""), faults),
        "terms": {
            name.removeprefix("term."): _whole(f"{SHARED}.{name}", text, faults)
            for name, text in facts.items()
            if name.startswith("term.")
        },
    }


def _moment(name: str, facts: Mapping[str, str], faults: list[Fault]) -> datetime | None:
    text = facts.get(name, "")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        faults.append(Fault(f"{SHARED}.{name}", "wrong_type", {"expected": "a time such as 2026-03-31 09:00"}))
        return None
    return found if found.tzinfo else found.replace(tzinfo=CHINA)  # a spreadsheet's time is that of the wall


def _projects(rows: Sequence[tuple[int, dict[str, Any]]]) -> Iterator[Wanted]:
    seen: set[str] = set()
    names = ("name", *PARTS, "starts_on", "ends_on")
    for number, row in rows:
        if row["project"] not in seen:
            seen.add(row["project"])
            parts = {part: row[part] for part in PARTS}
            dates = {"starts_on": row["starts_on"], "ends_on": row["ends_on"]}
            project = Project(row["project"], row["project_name"], **parts, **dates)
            yield Wanted("project", project, number, project.id, names)


def _sites(rows: Sequence[tuple[int, dict[str, Any]]]) -> Iterator[Wanted]:
    for number, row in rows:
        site = Site(row["site"], row["project"], row["site_name"], row["address"])
        yield Wanted("site", site, number, row["project"], ("project", "name", "address"))


def _of_projects(rows: Sequence[tuple[int, dict[str, Any]]]) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Project -> (its first row, its sites)."""
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    for number, row in rows:
        first, sites = found.get(row["project"], (number, ()))
        found[row["project"]] = (first, (*sites, row["site"]))
    return found


def campaign_id(project: str, facts: Mapping[str, str]) -> str:
    """The id of a project's campaign: the project's and the short one that all share."""
    return f"{project}-{facts['campaign']}"


def _campaigns(
    rows: Sequence[tuple[int, dict[str, Any]]], facts: Mapping[str, str], asked: Mapping[str, Any]
) -> Iterator[Wanted]:
    languages = tuple(tag.strip() for tag in facts["languages"].split(",") if tag.strip())
    notice: dict[str, Any] = {
        fact: {tag: text for tag in languages if (text := facts.get(f"notice.{fact}.{tag}"))} for fact in NOTICE_TEXTS
    }
    notice["phone"] = facts.get("phone", "")
    names = ("project", "name", "questionnaire", "questionnaire_version", "population", "sites", "languages", "notice")
    for project, (row, sites) in _of_projects(rows).items():
        campaign = Campaign(
            id=campaign_id(project, facts),
            short_code="",
            project=project,
            name=facts["campaign_name"],
            questionnaire=facts["questionnaire"],
            questionnaire_version=asked["questionnaire_version"],
            population=facts["population"],
            sites=sites,
            opens_at=asked["opens_at"],
            closes_at=asked["closes_at"],
            languages=languages,
            notice=notice,
        )
        yield Wanted("campaign", campaign, row, project, (*names, "opens_at", "closes_at"))


def _batches(
    rows: Sequence[tuple[int, dict[str, Any]]], facts: Mapping[str, str], key_id: str, now: datetime, by: str
) -> Iterator[Wanted]:
    names = ("campaign", "kind", "site", "distribution", "count")
    for number, row in rows:
        campaign = campaign_id(row["project"], facts)
        for kind, count, way in (
            (SLIP, row["slips"], row["distribution"]),
            (POSTER, row["posters"], "poster"),
        ):
            if count:
                id = f"{campaign}-{row['site']}-{kind}"
                batch = Batch(id, campaign, kind, row["site"], "", way, count, key_id, now, by)
                yield Wanted("batch", batch, number, row["project"], names)


def _rounds(
    rows: Sequence[tuple[int, dict[str, Any]]], facts: Mapping[str, str], asked: Mapping[str, Any], now: datetime
) -> Iterator[Wanted]:
    adoption = {name: facts.get(f"adoption_{name}", "") for name in ("document", "number", "date")}
    body = {name: facts.get(f"review_{name}", "") for name in ("name", "address", "phone")}
    for project, (row, _) in _of_projects(rows).items():
        node = facts.get("survey_node", "")
        opened = Round(
            id=f"{project}-{facts['round']}",
            project=project,
            kind=facts["kind"],
            name=facts["round_name"],
            scheme=facts["scheme"],
            scheme_digest="",
            opened_at=now,
            adoption=adoption if any(adoption.values()) else None,
            surveys={node: campaign_id(project, facts)} if node and facts.get("campaign") else {},
            lead=facts.get("lead", PURCHASER),
            review_body=body if any(body.values()) else None,
            direct_reason=facts.get("direct_reason", ""),
            expired_reason=facts.get("expired_reason", ""),
            self_evaluation_on=asked["self_evaluation_on"],
            self_evaluation_set=facts.get("self_evaluation_set", ""),
            terms=asked["terms"],
        )
        yield Wanted("round", opened, row, project, ("project", "kind", "name", "scheme", "lead"))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return list(value) if isinstance(value, list | tuple) else value
