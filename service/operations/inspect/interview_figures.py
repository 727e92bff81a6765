"""What interviews come to: progress and response rates, replacements, and the comparison with slips."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.domain.access import Actor
from service.domain.collect import joining, tallies
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.tallies import Cell as TallyCell
from service.domain.collect.tallies import Tally
from service.domain.errors import Refused
from service.domain.inspect import dispositions, interview_comparison, interviews
from service.domain.inspect.dispositions import Rates
from service.domain.inspect.interview_comparison import Agreement, Corrected, Difference, PairedAnswer, Pairs
from service.domain.inspect.interviews import Cell, Interviewee, InterviewPlan, RecordFailure
from service.domain.modes import OUT_OF_POINTS
from service.operations.collect import campaigns, satisfaction
from service.operations.collect.questionnaires import of_campaign
from service.operations.inspect import interview_plans
from service.operations.inspect.interview_answers import MODE
from service.store import records


@dataclass(frozen=True)
class Replacement:
    """Who came in for whom, and why the other one left."""

    out: str
    reason: str
    into: str
    stratum: str
    mode: str
    place: int
    at: datetime | None
    by: str


@dataclass(frozen=True)
class Progress:
    """Where a plan stands. `by_mode`: response rates of phone and on-site persons, `rates` those of all."""

    plan: InterviewPlan
    cells: tuple[Cell, ...]
    rates: Rates
    by_mode: dict[str, Rates]
    replacements: tuple[Replacement, ...]
    failures: tuple[RecordFailure, ...]
    persons: tuple[Interviewee, ...]

    @property
    def effective(self) -> int:
        return sum(cell.effective for cell in self.cells)

    @property
    def used_up(self) -> bool:
        """Whether a cell wants more persons than there are tickets: only a top-up of the draw brings more."""
        return any(cell.used_up for cell in self.cells)


def progress(actor: Actor, plan_id: str) -> Progress:
    """For who supervises: per stratum and mode, dispositions, rates, replacements, record failures."""
    plan = interview_plans.get(actor, plan_id, "interviews.read")
    there = interview_plans.persons(plan)
    by_mode = {
        mode: dispositions.rates(person.ending for person in there if person.mode == mode)
        for mode in sorted({person.mode for person in there})
    }
    return Progress(
        plan=plan,
        cells=tuple(interviews.cells(plan, there)),
        rates=dispositions.rates(person.ending for person in there),
        by_mode=by_mode,
        replacements=tuple(_replacements(there)),
        failures=tuple(interviews.record_failures(plan, there)),
        persons=tuple(sorted(there, key=lambda person: (person.stratum, person.place))),
    )


def _replacements(persons: list[Interviewee]) -> list[Replacement]:
    by_serial = {person.serial: person for person in persons}
    found = []
    for person in persons:
        if out := by_serial.get(person.replaces):
            found.append(
                Replacement(
                    out.serial,
                    out.disposition,
                    person.serial,
                    person.stratum,
                    person.mode,
                    person.place,
                    person.opened_at,
                    out.closed_by,
                )
            )
    return sorted(found, key=lambda each: (str(each.at), each.stratum, each.place))


@dataclass(frozen=True)
class Comparison:
    """Slips of a campaign beside the interviews of a plan. Where something is None, `reasons` has the code why.

    `handed_out`: the distributions of the slips; where people took them by choice, the difference is of two groups that
    differ in more than the way of asking.
    """

    plan: InterviewPlan
    campaign: str
    headline: str
    slips: tuple[int, int]
    interviews: tuple[int, int]
    handed_out: tuple[str, ...]
    difference: Difference | None
    corrected: Corrected | None
    agreement: Agreement | None
    reasons: dict[str, str]


def comparison(actor: Actor, plan_id: str, campaign_id: str) -> Comparison:
    """Two independent samples; and the same persons twice only where both notices told them of it.

    Both at the plan's site, without answers helped by staff. Raises Refused("not_joinable") where the questions differ.
    """
    plan = interview_plans.get(actor, plan_id, "interviews.read")
    other = campaigns.get(actor, campaign_id, "satisfaction.read")
    if other.project != plan.project:
        raise Refused("not_found", noun="campaign")
    questionnaires = [of_campaign(plan.campaign), of_campaign(other.id)]
    joining.check_joinable(questionnaires, "satisfaction")
    asked, _ = satisfaction.read(plan.campaign, satisfaction.WITH)
    slips, _ = satisfaction.read(other.id, satisfaction.WITH)
    second = _satisfied(questionnaires[0], asked, lambda cell: cell.site == plan.site and cell.mode == MODE)
    first = _satisfied(questionnaires[1], slips, lambda cell: cell.site == plan.site and cell.mode != MODE)
    handed = {cell.distribution for cell, counts in slips.items() if cell.mode != MODE and counts.get("n")}
    found = interview_comparison.difference(first, second)
    reasons = {} if found else {"difference": "no_answers"}
    corrected, agreed = _linked(plan, other.id, first, reasons)
    headline = questionnaires[0].scales["satisfaction"].headline
    ways = tuple(sorted(handed))
    return Comparison(plan, other.id, headline, first, second, ways, found, corrected, agreed, reasons)


def _linked(
    plan: InterviewPlan, campaign: str, first: tuple[int, int], reasons: dict[str, str]
) -> tuple[Corrected | None, Agreement | None]:
    if not plan.linked or plan.earlier != campaign:
        reasons |= dict.fromkeys(("corrected", "agreement"), "not_told")
        return None, None
    pairs = Pairs.of(records.find(PairedAnswer, plan=plan.id))
    agreed = interview_comparison.agreement(pairs)
    if agreed is None:
        reasons["agreement"] = "no_pairs"
    corrected = interview_comparison.two_phase(first, pairs)
    if isinstance(corrected, str):
        reasons["corrected"] = corrected
        return None, agreed
    return corrected, agreed


def _satisfied(questionnaire: Questionnaire, tally: Tally, where: Callable[[TallyCell], bool]) -> tuple[int, int]:
    scale = questionnaire.scales["satisfaction"]
    counts = tallies.counts_of(tally, lambda cell: where(cell) and cell.assistance not in OUT_OF_POINTS)
    given = {code: counts.get(f"c|{scale.headline}|{code}", 0) for code in scale.levels}
    return sum(given[code] for code in scale.satisfied), sum(given.values())
