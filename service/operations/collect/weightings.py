"""Weights: the totals of frozen frames that answers are weighted to."""

from collections import Counter
from collections.abc import Sequence

from service.domain.collect import weightings as rules
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.samples import Weights
from service.domain.collect.weightings import Margin
from service.domain.errors import invalid
from service.domain.estimates.linearised import Cell
from service.domain.inspect.frames import FrozenFrame
from service.domain.projects import Site
from service.store import records
from service.store.inspect import frame_rows


def of_frames(project: str, questionnaire: Questionnaire, written: Sequence[str]) -> Weights | None:
    """The totals that `written` names (see weightings.Margin), from frozen frames of the project; None for none.

    The caller has checked access. A column other than the strata reads the frame's rows. Raises Refused("invalid") with
    what does not fit.
    """
    if not written:
        return None
    margins = rules.parse(written)
    counted = [_counted(_frame(project, margin, at), margin, at) for at, margin in enumerate(margins)]
    sites = {site.id: site.name for site in records.find(Site, project=project)}
    return rules.weights(questionnaire, margins, counted, sites)


def _frame(project: str, margin: Margin, at: int) -> FrozenFrame:
    found = records.get(FrozenFrame, margin.frame)
    if found is None or found.project != project:
        raise invalid(f"weights.{at}", "the project has no frozen list {frame!r}", frame=margin.frame)
    return found


def _counted(frame: FrozenFrame, margin: Margin, at: int) -> dict[Cell, int]:
    """How many rows of the frame have these words in the margin's columns."""
    strata = dict(zip(frame.serials, frame.strata, strict=True)) if frame.strata else {}
    if margin.columns == (rules.STRATUM,):
        if not strata:
            raise invalid(
                f"weights.{at}", "the frame {id!r} has no strata; name a column of it after a colon", id=frame.id
            )
        return {(stratum,): size for stratum, size in frame.strata_sizes}
    rows = frame_rows.rows_of(frame.id, frame.serials)
    found: Counter[Cell] = Counter()
    for serial in frame.serials:
        row = rows.get(serial)
        stratum = strata.get(serial, "")
        held = {rules.SITE: row.site if row else "", rules.STRATUM: stratum, "stratum": stratum}
        details = row.details if row else {}
        found[tuple(details.get(column) or held.get(column, "") for column in margin.columns)] += 1
    return dict(found)
