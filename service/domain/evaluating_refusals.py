"""What evaluating may refuse; a part of the catalogue in `errors`."""

from service.domain.refusal_kinds import Entry

EVALUATING: dict[str, Entry] = {}

EVALUATING_FAULTS: dict[str, str] = {}
