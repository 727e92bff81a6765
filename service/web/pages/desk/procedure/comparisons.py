"""The desk's page that puts claim, verified value, judgements and points of a round side by side, for its group."""

from collections.abc import Mapping
from decimal import Decimal

from flask import Response
from flask_babel import gettext

from service.domain.evaluate.schemes import plain
from service.domain.procedure.consistency import CHECKS, FAILS, HOLDS, MESSAGES, UNDECIDED, Consistency
from service.operations import organisations
from service.operations.procedure import comparisons, groups
from service.web.auth import actor, now, requires
from service.web.pages.desk.evaluate.one_round import one_round, round_page
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word


@blueprint.get("/rounds/<id>/comparison")
@requires("comparisons.read")
@way("round", N_("Claimed, verified, judged, scored"), "scores.read", heading=N_("Scores"), order=30)
def comparison(id: str) -> Response:
    """Of each node what the provider claims, what was verified and judged, and its points; and what does not add up."""
    found = one_round(id, "comparisons.read")
    compared = comparisons.of_round(actor(), now(), id)
    checks = (("claimed", compared.claimed), ("verified", compared.verified))
    return round_page(
        "procedure/comparison.html",
        found,
        compared=compared,
        depth=depths({row.node.id: row.node.parent for row in compared.rows}),
        checks=[(name, [_sentence(one) for one in found if one.outcome != HOLDS]) for name, found in checks],
        members={one.id: one.name for one in groups.of_round(actor(), id)},
        people=organisations.colleagues(actor()),
    )


def _sentence(one: Consistency) -> str:
    """What does not hold, or cannot be checked, in the reader's language."""
    if one.outcome == FAILS:
        values = {"left": plain(one.left or Decimal(0)), "right": plain(one.right or Decimal(0))}
        return gettext(MESSAGES[one.check]).format(**values)
    missing = gettext(", ").join(word("self_fact", name) for name in one.missing)
    return f"{_LEFT[one.check]}: {gettext(MESSAGES[UNDECIDED]).format(missing=missing)}"


_LEFT = {check.id: check.left for check in CHECKS}


def depths(parents: Mapping[str, str | None]) -> dict[str, int]:
    """Node -> how deep it lies; tables indent three steps."""

    def depth(id: str) -> int:
        above = parents[id]
        return 0 if above is None else min(3, depth(above) + 1)

    return {id: depth(id) for id in parents}
