"""The tally of a campaign against numpy over the raw answers read back, also while many seal, withdraw and compact."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import invariants
import numpy as np
import pytest
from factories import KEY, NOW, Opened, issue, open_campaign

from service.domain.collect import responses as rules
from service.domain.collect.questionnaires import CANNOT_SAY, Questionnaire, Scale, asked
from service.domain.collect.questions import ANSWERED, NOT_ASKED, SKIPPED, WRITTEN, Question
from service.domain.collect.responses import Envelope, Response
from service.domain.collect.tallies import Cell, Counts
from service.domain.collect.tickets import POSTER, SLIP, hashed
from service.domain.errors import Refused
from service.operations.collect import responses, seals
from service.operations.collect.questionnaires import of_campaign
from service.operations.collect.responses import Submission
from service.store.collect import responses as stored

pytestmark = pytest.mark.usefixtures("database")
NOWHERE = Cell("", "", "", "", "", "", "", "", "")


def random_answers(chance: random.Random, questionnaire: Questionnaire) -> dict[str, Any]:
    """What one person might send: questions answered, left out or "cannot say"; required ones are never left out."""
    answers: dict[str, Any] = {}
    for question in questionnaire.questions:
        if question.kind == "matrix":
            rows = [row.id for row in question.rows if question.required or chance.random() < 0.85]
            answers[question.id] = {row: chance.choice(question.items[0].codes) for row in rows}
        elif question.kind != "note" and (question.required or chance.random() < 0.7):
            answers[question.id] = random_answer(chance, question)
    return answers


def random_answer(chance: random.Random, question: Question) -> Any:
    if question.cannot_say and chance.random() < 0.2:
        return CANNOT_SAY
    alone = [option.code for option in question.options if option.exclusive]
    if question.kind == "multiple" and alone and chance.random() < 0.2:
        return alone[:1]
    codes = [code for code in question.codes if code not in alone]
    most = question.places if question.kind == "rank" else question.max or len(codes)
    if question.kind in ("multiple", "rank"):
        return chance.sample(codes, min(chance.randint(int(question.min or 1), int(most)), len(codes)))
    others = {"number": question.min or 3, "date": "2026-01-01", "text": "谢谢", "photo": "0" * 32}
    return str(others[question.kind]) if question.kind in others else chance.choice(codes)


def numbers(prefix: str, values: Any) -> Counts:
    """How often each value stands in an array."""
    found, times = np.unique(values, return_counts=True)
    return {f"{prefix}|{value}": int(number) for value, number in zip(found, times, strict=True)}


def counts_by_numpy(questionnaire: Questionnaire, found: Sequence[Response]) -> Counts:
    """Everything that one cell's counts hold, computed from a table of answers: a row a person, a column an item."""
    columns = {key: column(question, key, questionnaire, found) for question, key in keys(questionnaire)}
    counts: Counts = {"n": len(found)}
    for question, key in keys(questionnaire):
        said = columns[key]
        missing = np.isin(said, [SKIPPED, NOT_ASKED, CANNOT_SAY])
        if question.kind in ("multiple", "rank"):
            counts |= numbers(f"c|{key}", said[missing]) | {f"c|{key}|{ANSWERED}": int(np.sum(~missing))}
            counts |= chosen(question, [text.split() for text in said[~missing]])
        else:
            counts |= numbers(f"c|{key}", said if question.codes else np.where(missing, said, WRITTEN))
        if question.edges:
            values = said[~missing].astype(float)
            counts |= numbers(f"u|{key}", np.digitize(values, [float(edge) for edge in question.edges]))
    for name, scale in questionnaire.scales.items():
        counts |= products(name, scale, columns)
    for k, (first, second) in enumerate(questionnaire.pairs):
        table = columns[first] + "|" + columns[second]
        counts |= numbers(f"p|{k}", table)
    if questionnaire.awareness:
        facts = np.array([columns[item] for item in questionnaire.awareness.items])
        told = ~np.isin(facts, [SKIPPED, NOT_ASKED]).all(axis=0)
        known = np.isin(facts, list(questionnaire.awareness.known)).sum(axis=0)[told]
        counts |= numbers("a", known)
    counts |= numbers("h|duration", np.array([response.duration for response in found]))
    return {key: number for key, number in counts.items() if number}


def keys(questionnaire: Questionnaire) -> list[tuple[Question, str]]:
    return [(question, key) for question in questionnaire.questions for key in question.keys]


def column(question: Question, key: str, questionnaire: Questionnaire, found: Sequence[Response]) -> Any:
    """What each person answered, or why there is nothing."""
    states = [SKIPPED if question.id in asked(questionnaire, one.answers) else NOT_ASKED for one in found]
    return np.array([one.answers.get(key, state) for one, state in zip(found, states, strict=True)], dtype=object)


def chosen(question: Question, given: Sequence[list[str]]) -> Counts:
    """Of a multiple choice how many chose each code, of a ranking how many put it at each place."""
    if question.kind == "multiple":
        return {f"c|{question.id}|{code}": sum(code in one for one in given) for code in question.codes}
    places = [(code, place) for code in question.codes for place in range(question.places)]
    return {
        f"r|{question.id}|{code}|{place + 1}": sum(one[place : place + 1] == [code] for one in given)
        for code, place in places
    }


def products(name: str, scale: Scale, columns: dict[str, Any]) -> Counts:
    """Sums and sums of products of the levels, over those who chose one for every item of the scale."""
    levels = np.zeros((len(scale.items), len(columns[scale.items[0]])), dtype=int)
    for row, item in enumerate(scale.items):
        for level, code in enumerate(scale.levels, 1):
            levels[row][columns[item] == code] = level
    complete = levels[:, (levels > 0).all(axis=0)]
    squares = complete @ complete.T
    counts = {f"s|{name}|n": complete.shape[1]}
    for i in range(len(scale.items)):
        counts[f"s|{name}|{i}"] = int(complete[i].sum())
        counts |= {f"s|{name}|{i}|{j}": int(squares[i, j]) for j in range(i, len(scale.items))}
    return counts


def send(opened: Opened, code: str, number: int, answers: dict[str, Any], hours: float) -> tuple[Envelope, str]:
    """Submit; -> (the envelope as far as the invariants look at it, the receipt)."""
    id = f"submission-{number}"
    kind = SLIP if len(code) == 12 else POSTER
    # As the phone page does: answers to what was not asked after all are left out.
    submission = Submission(id, answers, duration_s=random.uniform(0, 4000), lenient=True)
    receipt = responses.submit(code, submission, NOW + timedelta(hours=hours), [KEY]).receipt
    env = rules.envelope_id(KEY, opened.id, kind, hashed(KEY, code), id)
    r = rules.parse_receipt(receipt)[1]
    return Envelope(env, opened.id, "", "", r, "", {}, NOWHERE, "", 0), receipt


def check_against_numpy(opened: Opened) -> None:
    questionnaire = of_campaign(opened.id)
    cells: dict[Cell, list[Response]] = {}
    for response in stored.each(opened.id):
        cells.setdefault(response.cell, []).append(response)
    expected = {cell: counts_by_numpy(questionnaire, found) for cell, found in cells.items()}
    assert seals.read(opened.id)[0] == expected


@pytest.mark.parametrize("questionnaire", ["recipients", "copenhagen-housing", "needs-consultation", "service-rating"])
def test_the_tally_of_a_campaign_is_what_numpy_counts(questionnaire: str) -> None:
    chance = random.Random(questionnaire)
    opened = open_campaign(60, questionnaire=questionnaire)
    west, [poster] = issue(opened, 40, site="west"), issue(opened, 1, POSTER)
    codes = opened.codes + west + [poster] * 60
    chance.shuffle(codes)
    sent = []
    for number, code in enumerate(codes):
        answers = random_answers(chance, of_campaign(opened.id))
        sent.append(send(opened, code, number, answers, hours=number / 5))
        if number % 23 == 0:
            seals.seal(opened.id, chance.randint(1, 9))
        if number % 31 == 0:
            seals.compact(opened.id, NOW + timedelta(hours=number / 5))
    for _, receipt in chance.sample(sent, 20):
        responses.withdraw(receipt)
    seals.seal(opened.id)
    check_against_numpy(opened)
    seals.compact(opened.id, NOW + timedelta(days=30))
    check_against_numpy(opened)
    invariants.check(opened.id, [envelope for envelope, _ in sent], withdrawn=20)


class Crowd:
    """People who submit and withdraw while the service seals, compacts and reads, all at once."""

    def __init__(self, opened: Opened) -> None:
        self.opened, self.chance = opened, random.Random(1)
        self.slips, self.lock = iter(enumerate(opened.codes)), threading.Lock()
        self.sent: list[tuple[Envelope, str]] = []
        self.withdrawn, self.errors, self.done = 0, list[BaseException](), threading.Event()

    def submit(self) -> None:
        while True:
            with self.lock:
                number, code = next(self.slips, (-1, ""))
                answers = random_answers(self.chance, of_campaign(self.opened.id))
            if not code:
                return
            self.sent.append(send(self.opened, code, number, answers, hours=number / 10))

    def withdraw(self) -> None:
        while self.withdrawn < 10:
            if len(self.sent) > 5 * (self.withdrawn + 1):
                with suppress_busy():
                    responses.withdraw(self.sent[5 * self.withdrawn][1])
                    self.withdrawn += 1

    def seal(self) -> None:
        seals.seal(self.opened.id, 3)

    def compact(self) -> None:
        seals.compact(self.opened.id, NOW + timedelta(hours=len(self.sent) / 10))

    def read(self) -> None:
        """Three submissions and one withdrawal may be under way while the total is taken."""
        sent, withdrawn = len(self.sent), self.withdrawn
        total = sum(counts["n"] for counts in seals.read(self.opened.id)[0].values())
        assert sent - self.withdrawn - 1 <= total <= len(self.sent) + 3 - withdrawn

    def again(self, act: Callable[[], None]) -> Callable[[], None]:
        """Until all is done; whoever is told "busy" comes again."""

        def run() -> None:
            while not self.done.wait(0.01):
                with suppress_busy():
                    act()

        return run

    def run(self) -> None:
        people = [self.start(act) for act in (self.submit, self.submit, self.submit, self.withdraw)]
        service = [self.start(self.again(act)) for act in (self.seal, self.seal, self.compact, self.read)]
        for thread in people:
            thread.join(120)
        self.done.set()
        for thread in service:
            thread.join(60)
        assert self.errors == []

    def start(self, act: Callable[[], None]) -> threading.Thread:
        def caught() -> None:
            try:
                act()
            except BaseException as error:  # told by the thread of the test
                self.errors.append(error)

        thread = threading.Thread(target=caught)
        thread.start()
        return thread


@contextmanager
def suppress_busy() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        if refused.reason != "busy":
            raise


def test_many_at_once_submit_seal_withdraw_compact_and_read_and_nothing_is_lost_or_doubled() -> None:
    opened = open_campaign(90)
    crowd = Crowd(opened)
    crowd.run()
    assert (len(crowd.sent), crowd.withdrawn) == (90, 10)
    seals.seal(opened.id)
    invariants.check(opened.id, [envelope for envelope, _ in crowd.sent], withdrawn=10)
    check_against_numpy(opened)
