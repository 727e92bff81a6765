"""What evaluating may refuse; a part of the catalogue in `errors`."""

from service.domain.refusal_kinds import Entry, Kind

EVALUATING: dict[str, Entry] = {
    # rounds
    "round_step": Entry(Kind.CONFLICT, "The round cannot go there from where it stands."),
    "round_step_by": Entry(Kind.CONFLICT, "Nobody moves a round to {state} by hand. It follows from: {by}."),
    "gate_unmet": Entry(Kind.CONFLICT, "The round cannot go on to {state} yet. See what is missing."),
    "not_lead": Entry(Kind.FORBIDDEN, "Only the organisation that leads the round may do this."),
}

EVALUATING_FAULTS: dict[str, str] = {}
