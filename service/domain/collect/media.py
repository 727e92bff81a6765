"""Pictures that people send with their answers: what is kept of one, and how large it may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.collect.question_parts import PHOTO_LIMIT, Question

MOST_BYTES = PHOTO_LIMIT
LONGEST_SIDE = 1600  # px of one as it is kept
# A picture is unpacked to look at it: a small file can hold a huge one. A JPEG is unpacked at a fraction of its size.
MOST_PIXELS = 25_000_000
MOST_JPEG_PIXELS = 64_000_000
MOST_PER_SLIP = 20  # a person may take the picture again, and nobody can fill the disk with one slip
# A poster serves anybody and could fill the disk: so many at once, then one in so many seconds, in each process.
POSTER_AT_ONCE, POSTER_SECONDS = 60, 6
PHOTO = "photo"


@dataclass(frozen=True)
class Picture:
    """A picture under a random id. It has no time, and nothing of the code that it came with."""

    id: str
    campaign: str
    content: bytes  # JPEG


def asked_in(questions: Sequence[Question]) -> tuple[Question, ...]:
    """The questions that ask for a photo."""
    return tuple(question for question in questions if question.kind == PHOTO)


def named(questions: Sequence[Question], answers: Mapping[str, str]) -> dict[str, str]:
    """Question -> id of the picture, of flat answers."""
    return {question.id: answers[question.id] for question in asked_in(questions) if question.id in answers}
