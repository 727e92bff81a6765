"""From screen to screen: which screens there are for what was answered so far, and what keeps one from going on.

The server decides between two screens; what was filled in travels in the form itself. Nothing is stored before the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from service.domain.collect.questionnaires import Questionnaire, asked, check_answers
from service.domain.collect.questions import Answers, Question, check
from service.domain.collect.screens import Screen, piped, screens
from service.domain.errors import Fault, Refused
from service.domain.modes import Text
from service.web.pages import sheet as sheets
from service.web.pages.fields import Form, answers_of


@dataclass(frozen=True)
class Steps:
    """The screens of one person's way through a questionnaire, as far as the answers in `form` decide it."""

    questionnaire: Questionnaire
    form: Form
    seed: str
    today: date

    @cached_property
    def answers(self) -> Answers:
        """What is answered properly so far, flat."""
        given, faults, found = answers_of(self.questionnaire, self.form), list[Fault](), Answers()
        for question in self.questionnaire.questions:
            found |= check(question, given.get(question.id), "", faults)
        wanted = asked(self.questionnaire, found)
        hidden = {key for each in self.questionnaire.questions if each.id not in wanted for key in each.keys}
        return {key: text for key, text in found.items() if key not in hidden}

    @cached_property
    def screens(self) -> Sequence[Screen]:
        return screens(self.questionnaire, self.seed, self.answers)

    def told(self, text: Text, language: str) -> str:
        """A text as this person reads it: earlier answers stand in it."""
        return piped(text, self.questionnaire, self.answers, language)

    @property
    def at(self) -> int:
        """The screen that the form came from, known by its first question; the last one if it does not say."""
        said = self.form.get(sheets.SCREEN, "").partition(" ")[2]
        for place, screen in enumerate(self.screens):
            if any(question.id == said for question in screen.questions):
                return place
        return len(self.screens) - 1

    @property
    def last(self) -> bool:
        return self.at == len(self.screens) - 1

    def faults(self) -> tuple[Fault, ...]:
        """What is wrong on the screen that the form came from."""
        try:
            given = answers_of(self.questionnaire, self.form)
            check_answers(self.questionnaire, given, lenient=True, today=self.today)
        except Refused as refused:
            here = {question.id for question in self.screens[self.at].questions}
            return tuple(fault for fault in refused.faults if owner(fault) in here)
        return ()

    def with_fault(self, faults: Sequence[Fault]) -> int:
        """The first screen on which something is wrong; the one the form came from when no question is to blame."""
        blamed = {owner(fault) for fault in faults}
        for place, screen in enumerate(self.screens):
            if any(question.id in blamed for question in screen.questions):
                return place
        return self.at

    def to_come(self, place: int) -> list[Screen]:
        """All screens that this person may still see or has seen: those that hang on what is asked here count too."""
        here = {question.id for question in self.screens[place].questions}
        wanted = {question.id for screen in self.screens for question in screen.questions}
        conditions = self.questionnaire.logic.asked_if

        def may_be_shown(question: Question) -> bool:
            names = {name.key.partition("/")[0] for each in conditions.get(question.id, ()) for name in each.names}
            return question.id in wanted or not names.isdisjoint(here)

        every = screens(self.questionnaire, self.seed) if conditions else self.screens
        return [screen for screen in every if any(may_be_shown(question) for question in screen.questions)]

    def numbers(self) -> dict[str, int]:
        """Question -> its number on the page: notes have none."""
        asking = [each for screen in self.screens for each in screen.questions if each.kind != "note"]
        return {question.id: number for number, question in enumerate(asking, 1)}


def owner(fault: Fault) -> str:
    """The question that a fault belongs to, or what a changed form called one."""
    return fault.field.removeprefix("answers.").partition(".")[0]


def few_kinds(questions: Sequence[Question]) -> bool:
    """Whether a page needs no more style than that of choices and long texts."""
    return all(
        each.kind in ("single", "matrix", "note") or (each.kind == "text" and not each.short) for each in questions
    )
