"""Figures of single questions: every kind of question of a campaign, for all answers or by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.access import Actor
from service.domain.collect import question_figures as rules
from service.domain.collect import tallies
from service.domain.collect.question_figures import QuestionFigure
from service.operations.collect import campaigns, satisfaction
from service.operations.collect.questionnaires import of_campaign


@dataclass(frozen=True)
class Counted:
    """Figures of all questions by group; a group is the values of the asked dimensions. `revision` is the ledger's."""

    campaign: str
    revision: int
    by: tuple[str, ...]
    groups: tuple[tuple[tuple[str, ...], tuple[QuestionFigure, ...]], ...]


def figures(
    actor: Actor,
    campaign: str,
    by: Sequence[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
    marked: str = satisfaction.WITH,
) -> Counted:
    """How many chose what of every question, also answers helped by the service's staff: `by` assistance parts them.

    `marked` as in satisfaction.figures. Raises Refused("filter_unavailable") for a dimension outside the tally's key.
    """
    campaigns.get(actor, campaign, "satisfaction.read")
    questionnaire = of_campaign(campaign)
    tally, revision = satisfaction.read(campaign, marked)
    filters = {tallies.dimension(questionnaire, name): tuple(values) for name, values in (where or {}).items()}
    dimensions = [tallies.dimension(questionnaire, name) for name in by]
    groups = tallies.by(tallies.select(tally, **filters), *dimensions)
    if not dimensions:
        groups.setdefault((), {})  # nobody answered: that is a figure too
    parts = [(key, rules.question_figures(questionnaire, part)) for key, part in sorted(groups.items())]
    return Counted(campaign, revision, tuple(by), tuple(parts))
