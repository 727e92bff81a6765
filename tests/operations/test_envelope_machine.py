"""Submissions, repeats, seals, withdrawals, compactions, reads in any order: the product agrees with a plain dict."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta

import database as database_tools
import invariants
import pytest
from factories import EVALUATOR, KEY, NOW, issue, open_campaign
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from service.domain.collect import responses as rules
from service.domain.collect.responses import Envelope
from service.domain.collect.tallies import Cell, Tally, counts_of
from service.domain.collect.tickets import POSTER, SLIP, hashed
from service.domain.errors import Refused
from service.operations.collect import campaigns, responses, seals, tickets
from service.operations.collect.responses import Submission
from service.store.collect import seals as stored_seals

pytestmark = pytest.mark.usefixtures("database")

SLIPS, POSTERS = 6, 2
SATISFACTION, CONTACT = ("Low", "Medium", "High"), ("Low", "High")
PLACES = st.integers(0, SLIPS + POSTERS - 1)
ANSWERS = st.fixed_dictionaries(
    {"satisfaction": st.sampled_from(SATISFACTION)}, optional={"contact": st.sampled_from(CONTACT)}
)
NUMBERS = st.integers(0, 1_000_000)


@dataclass
class Known:
    """One acknowledged answer as the model remembers it."""

    code: str
    submission: Submission
    receipt: str
    withdrawn: bool = False


class Envelopes(RuleBasedStateMachine):
    """One campaign with slips and posters. `known` is the model: place in the inbox -> what was acknowledged there."""

    def __init__(self) -> None:
        super().__init__()
        database_tools.empty(everything=False)
        campaigns.forget_views()
        tickets.forget_batches()
        self.campaign = open_campaign(SLIPS)
        self.codes = self.campaign.codes + issue(self.campaign, POSTERS, POSTER)
        self.known: dict[str, Known] = {}
        self.now, self.steps, self.final, self.made = NOW, 0, False, 0
        self.frozen: Tally | None = None

    # What respondents do

    @rule(place=PLACES, answers=ANSWERS, seconds=st.none() | st.floats(0, 5000))
    def submit(self, place: int, answers: dict[str, str], seconds: float | None) -> None:
        """A new submission: taken once by each slip, by a poster always."""
        self.made += 1
        code, submission = self.codes[place], Submission(f"submission-{self.made}", answers, duration_s=seconds)
        env = self.place(code, submission)
        expected = "campaign_closed" if self.final else "code_spent" if env in self.known else None
        if expected:
            assert self.refusal(code, submission) == expected
            return
        done = responses.submit(code, submission, self.now, [KEY])
        assert not done.repeated
        self.known[env] = Known(code, submission, done.receipt)

    @precondition(lambda self: self.known)
    @rule(number=NUMBERS)
    def repeat(self, number: int) -> None:
        """The same again, sealed or not, withdrawn or not, open or final: the same receipt."""
        one = self.one(number)
        again = responses.submit(one.code, replace(one.submission, duration_s=1), self.now, [KEY])
        assert (again.repeated, again.receipt) == (True, one.receipt)

    @precondition(lambda self: self.known)
    @rule(number=NUMBERS)
    def change_mind(self, number: int) -> None:
        """Other content under the same submission id."""
        one = self.one(number)
        other = SATISFACTION[(SATISFACTION.index(one.submission.answers["satisfaction"]) + 1) % len(SATISFACTION)]
        changed = replace(one.submission, answers={**one.submission.answers, "satisfaction": other})
        assert self.refusal(one.code, changed) == "submission_differs"

    @precondition(lambda self: self.known)
    @rule(number=NUMBERS)
    def withdraw(self, number: int) -> None:
        one = self.one(number)
        responses.withdraw(one.receipt)
        one.withdrawn = True

    # What the service does

    @rule(size=st.integers(1, 5))
    def seal(self, size: int) -> None:
        seals.seal(self.campaign.id, size)

    @rule(hours=st.integers(0, 30))
    def compact_later(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        seals.compact(self.campaign.id, self.now)

    @precondition(lambda self: self.steps > 12)
    @rule()
    def finalise(self) -> None:
        version = campaigns.get(EVALUATOR, self.campaign.id).version
        campaigns.change_state(EVALUATOR, self.now, self.campaign.id, "final", version)
        if not self.final:
            self.frozen = seals.read(self.campaign.id)[0]
        self.final = True

    # What must hold

    @invariant()
    def the_read_total_is_that_of_the_model(self) -> None:
        self.steps += 1
        read = counts_of(seals.read(self.campaign.id)[0])
        expected = Counter[str]()
        for one in self.present():
            expected["n"] += 1
            for question in ("satisfaction", "influence", "contact"):
                expected[f"c|{question}|{one.submission.answers.get(question, '_skipped')}"] += 1
        assert {key: read.get(key, 0) for key in expected} == expected
        assert read.get("n", 0) == expected["n"]

    def teardown(self) -> None:
        seals.seal(self.campaign.id)
        withdrawn = len(self.known) - len(self.present())
        invariants.check(self.campaign.id, self.envelopes(), withdrawn)
        self.finalise()
        invariants.check(self.campaign.id, self.envelopes(), withdrawn)
        assert stored_seals.frozen(self.campaign.id) == self.frozen
        assert seals.recount(self.campaign.id) == []

    # Helpers

    def refusal(self, code: str, submission: Submission) -> str:
        with pytest.raises(Refused) as refused:
            responses.submit(code, submission, self.now, [KEY])
        return refused.value.reason

    def one(self, number: int) -> Known:
        return list(self.known.values())[number % len(self.known)]

    def present(self) -> list[Known]:
        return [one for one in self.known.values() if not one.withdrawn]

    def place(self, code: str, submission: Submission) -> str:
        kind = SLIP if code in self.codes[:SLIPS] else POSTER
        return rules.envelope_id(KEY, self.campaign.id, kind, hashed(KEY, code), submission.submission_id)

    def envelopes(self) -> list[Envelope]:
        """As far as the invariants look at them: the place and the receipt's secret."""
        nowhere = Cell("", "", "", "", "", "", "", "", "")
        return [
            Envelope(env, self.campaign.id, "", "", rules.parse_receipt(one.receipt)[1], "", {}, nowhere, "", 0)
            for env, one in self.known.items()
        ]


def test_any_order_of_events_counts_every_acknowledged_answer_once() -> None:
    run_state_machine_as_test(Envelopes, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_any_long_order_of_events_counts_every_acknowledged_answer_once() -> None:
    run_state_machine_as_test(Envelopes, settings=settings(max_examples=200, stateful_step_count=80, deadline=None))
