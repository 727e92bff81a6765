"""Renewals: each further year of a contract is signed on the result of the one before (C11)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import Round
from service.domain.procedure import renewals as rules
from service.domain.procedure.consequences import APPLIES, action_of, status
from service.domain.procedure.renewals import ContractYear
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import create_once, load
from service.operations.evaluate import results, schemes
from service.operations.procedure.consequences import DONE, facts_of
from service.store import records

RENEW = "renew"


@dataclass(frozen=True)
class Signing:
    """One year as it is signed; `result` from the second year on."""

    id: str
    from_on: date
    to_on: date
    signed_on: date
    document: str
    result: str = ""
    reason: str = ""


def of_project(actor: Actor, project_id: str) -> list[ContractYear]:
    """The signed years, the first one first."""
    return _years(projects.project(actor, project_id, "renewals.read"))


def _years(project: Project) -> list[ContractYear]:
    return sorted(records.find(ContractYear, project=project.id), key=lambda year: year.number)


def sign(actor: Actor, now: datetime, project_id: str, said: Signing) -> tuple[ContractYear, bool]:
    """Keep a signed year. Raises Refused: renewal_over, renewal_without_result, renewal_not_earned, result_not_final,
    provider_banned, provider_disqualified, invalid."""
    project = projects.project(actor, project_id, "renewals.write")
    years = _years(project)
    there = next((year for year in years if year.id == said.id), None)
    before = years if there is None else years[: there.number - 1]
    made = ContractYear(
        project=project.id, number=len(before) + 1, at=now, by=actor.id,
        **vars(replace(said, document=said.document.strip(), reason=said.reason.strip())),
    )  # fmt: skip
    if there is None:
        _check(now, project, before, made)
    return create_once("contract_year.signed", actor, now, projects.scope(project.id), made, ("at", "by"))


def _check(now: datetime, project: Project, years: list[ContractYear], made: ContractYear) -> None:
    most = rules.MOST_YEARS
    if years:
        result, round = _result(project, years, made)
        most = int(schemes.parsed(result.scheme).parameter("contract_years"))
        _require_earned(result, round)
    elif made.result:  # else a result of anybody's would be kept, or one be used up that the second year needs
        raise Refused("invalid", [Fault("result", "first_year")])
    rules.check_year(years, made, most)
    projects.require_unbarred(project.provider, now)


def _result(project: Project, years: list[ContractYear], made: ContractYear) -> tuple[ResultVersion, Round]:
    """The final result of the year that ends: of this project, not older than that year, and used once only."""
    result = records.get(ResultVersion, made.result) if made.result else None
    round = None if result is None else load(Round, result.round, "round")
    if result is None or round is None or round.project != project.id:
        raise Refused("renewal_without_result")
    latest = results.latest(round.id)
    if round.state not in DONE or latest is None or latest.id != result.id:
        raise Refused("result_not_final", state=round.state)
    used = {year.result.partition("#")[0] for year in years}
    if round.id in used or day_of(round.opened_at) < years[-1].from_on:
        raise Refused("renewal_without_result")
    return result, round


def _require_earned(result: ResultVersion, round: Round) -> None:
    """What the scheme says of renewals decides; a scheme that says nothing renews what has not failed."""
    scheme = schemes.parsed(result.scheme)
    sayings = [one for one in scheme.consequences if action_of(one) == RENEW]
    if sayings:
        facts = facts_of(round)
        earned = any(status(one, facts) == APPLIES for one in sayings)
    else:
        lowest = min(scheme.bands, key=lambda band: band.lower, default=None)
        earned = lowest is None or result.grade != lowest.id
    if not earned:
        raise Refused("renewal_not_earned", grade=result.grade)
