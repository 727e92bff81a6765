"""What is due in a round or a project: by when, and by whom."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Due:
    """`kind` and `subject` say what it is (a deadline of the scheme, a case, a task), `label` by language what to read.

    `whom` is the part of the project that has to act. `provisional` while the year's days off are not announced.
    """

    project: str
    round: str
    kind: str
    subject: str
    label: dict[str, str]
    on: date
    provisional: bool
    whom: str
    overdue: bool = False
