"""Responses: what a phone sends is accepted once, acknowledged by a receipt, and can be withdrawn with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from service.domain.access import Actor
from service.domain.collect import batches, questionnaires, seals, tallies
from service.domain.collect import responses as rules
from service.domain.collect.campaigns import OPEN, paused
from service.domain.collect.media import Picture, named
from service.domain.collect.questions import ORDER, Answers
from service.domain.collect.responses import Envelope, Response
from service.domain.collect.tickets import KIOSK, Batch, Ticket, normalise
from service.domain.errors import Fault, Refused
from service.domain.keys import Key
from service.domain.modes import MODES
from service.operations.collect import campaigns, tickets
from service.operations.collect import seals as sealing
from service.operations.collect.campaigns import View
from service.store.collect import inbox, ledger, media, receipts
from service.store.collect import responses as stored
from service.store.collect.grouping import Grouper

GROUP = 64
QUEUE = 512
PATIENCE = 10.0  # seconds
PAUSE = 0.002  # seconds
# What anybody may say of the own answer. The other modes are claimed by who is signed in, and only there.
PUBLIC_MODES = ("own_phone", "staff_assisted")
_touched: set[str] = set()


@dataclass(frozen=True)
class Submission:
    """What a client sends. `language` is the one the questions were read in, `order_seed` shuffled their order.

    `lenient`: answers to questions that were not asked are left out, since our own page's form carries them along.
    """

    submission_id: str
    answers: Mapping[str, Any]
    mode: str = "own_phone"
    language: str = ""
    duration_s: float | None = None
    order_seed: str = ""
    lenient: bool = False


@dataclass(frozen=True)
class Acknowledgement:
    receipt: str
    repeated: bool
    view: View


@dataclass(frozen=True)
class Asked:
    """A submission under a code, and what its sender may claim."""

    code: str  # normalised
    submission: Submission
    now: datetime
    keys: tuple[Key, ...]
    modes: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """An answer in its envelope; `outcome` is one of inbox's, ENTERING or _BARRED, by a refusal of what is new."""

    envelope: Envelope
    view: View
    outcome: str
    barred: Refused | None = None


ENTERING, _BARRED = "entering", "barred"
# Modes of answers that were given before they are typed in: no pause and no end of a session stops them.
WRITTEN_BEFORE = frozenset({"paper"})


def form_of(code: str, keys: Sequence[Key], mode: str = PUBLIC_MODES[0]) -> tuple[View, Batch]:
    """What the page of a code shows. Creates and spends nothing, since link scanners open it too."""
    _, batch = tickets.look_up(code, keys)
    _refuse_unattended(batch, mode)
    return campaigns.view(batch.campaign), batch


def _refuse_unattended(batch: Batch, mode: str) -> None:
    """A kiosk code lies open on a table: taken home it would let one person answer any number of times."""
    if batch.kind == KIOSK and mode in PUBLIC_MODES:
        raise Refused("code_attended")


def refuse_if_closed(view: View, batch: Batch, now: datetime) -> None:
    """Raises Refused campaign_not_open or campaign_closed, or what `_barred` says."""
    if view.state == "draft":
        raise Refused("campaign_not_open")
    barred = Refused("campaign_closed") if view.state != OPEN else _barred(view, batch, now)
    if barred is not None:
        raise barred


def _barred(view: View, batch: Batch, now: datetime, written_before: bool = False) -> Refused | None:
    """Why an open campaign takes in nothing new by this batch: by its window, batch, session or a pause."""
    campaign = view.campaign
    if not campaign.in_window(now):
        return Refused("campaign_closed" if now >= campaign.closes_at else "campaign_not_open")
    session = view.sessions.get((batch.site, batch.session))
    if refused := batches.refusal(batch, session, now, written_before):
        return refused
    return paused(campaign, now) if campaign.paused(now) and not written_before else None


def submit(
    code: str,
    submission: Submission,
    now: datetime,
    keys: tuple[Key, ...],
    modes: tuple[str, ...] = PUBLIC_MODES,
) -> Acknowledgement:
    """Accept an answer exactly once (steps 1 to 8 of the protocol). `modes`: those that the caller may claim.

    Raises Refused: code_mistyped, code_unknown (404), answers_invalid (422), submission_differs (409), code_spent or
    campaign_closed, batch_voided, session_not_begun or session_over (410), campaign_paused or busy (503).
    """
    tried = _together.ask(Asked(normalise(code), submission, now, keys, modes))
    if isinstance(tried, Exception):
        raise tried
    envelope, view = tried.envelope, tried.view
    receipt = rules.receipt_text(view.campaign.short_code, envelope.r)
    return Acknowledgement(receipt, repeated(tried), view)


def _try_together(group: Sequence[Asked]) -> list[Tried | Exception]:
    """Steps 1 to 3 for what is queued: one read of the tickets, one insert, one look at each campaign's state.

    What is wrong with one answer is its own refusal and nobody else's.
    """
    results: list[Tried | Exception] = []
    for asked, found in zip(group, _tickets_of(group), strict=True):
        try:
            results.append(opened(asked, found))
        except Refused as refused:
            results.append(refused)
    return enter(results)


def enter(results: list[Tried | Exception]) -> list[Tried | Exception]:
    """Steps 2 and 3 for those that may enter; the others stay as they are."""
    entering = [at for at, tried in enumerate(results) if isinstance(tried, Tried) and tried.outcome == ENTERING]
    envelopes = [results[at].envelope for at in entering]  # type: ignore[union-attr]
    for at, outcome in zip(entering, inbox.accept_group(envelopes) if envelopes else [], strict=True):
        results[at] = replace(results[at], outcome=outcome)  # type: ignore[type-var]
    return results


def _tickets_of(group: Sequence[Asked]) -> list[tuple[Ticket, Batch] | None]:
    """All askers of one process have the same keys, except while tests change them."""
    if all(asked.keys is group[0].keys for asked in group):
        return tickets.find([asked.code for asked in group], group[0].keys)
    return [tickets.find([asked.code], asked.keys)[0] for asked in group]


def opened(asked: Asked, found: tuple[Ticket, Batch] | None) -> Tried:
    """The envelope of an answer, and whether it may enter the inbox. Raises Refused."""
    if found is None:
        raise Refused("code_unknown")
    ticket, batch = found
    _refuse_unattended(batch, asked.submission.mode)
    view = campaigns.view(batch.campaign)
    envelope = _envelope(ticket, batch, view, asked)
    if view.state == "draft":
        raise Refused("campaign_not_open")
    if view.state != OPEN:  # 1
        return Tried(envelope, view, inbox.CLOSED)
    barred = _barred(view, batch, asked.now, envelope.cell.mode in WRITTEN_BEFORE) or _without_picture(envelope, view)
    return Tried(envelope, view, _BARRED if barred else ENTERING, barred)


def repeated(tried: Tried) -> bool:
    """Whether it was a repeat of what is already kept; Refused if it is neither new nor a repeat."""
    envelope = tried.envelope
    if tried.outcome == inbox.ACCEPTED:
        _touched.add(envelope.campaign)
        return False
    if tried.outcome == inbox.CLOSED:
        return _after_closing(envelope)
    return _repeat(envelope, tried.barred or Refused("code_spent"))


def take_touched() -> set[str]:
    """The campaigns that accepted answers in this process since the last call."""
    taken = set()
    while _touched:
        taken.add(_touched.pop())
    return taken


def _without_picture(envelope: Envelope, view: View) -> Refused | None:
    """The refusal of an answer that names a picture which is not there: never was, or withdrawn with its answer."""
    pictures = named(view.questionnaire.questions, envelope.answers)
    kept = media.present(envelope.campaign, pictures.values())
    faults = [Fault(f"answers.{question}", "no_such_picture") for question, id in pictures.items() if id not in kept]
    return Refused("answers_invalid", faults) if faults else None


def _repeat(envelope: Envelope, otherwise: Refused) -> bool:
    """REPEAT: read only. True for a repeat; raises `otherwise` for anything new."""
    there = inbox.find(envelope.env)  # 4
    if there is None:
        return _by_receipt(envelope, otherwise)  # 6
    if ledger.state(envelope.campaign) != OPEN:  # 5
        return _after_closing(envelope)
    if not there.repeats(envelope):
        raise otherwise
    if there.digest != envelope.digest:
        raise Refused("submission_differs")
    return True


def _after_closing(envelope: Envelope) -> bool:
    """CLOSED: only a receipt that is already written says that the answer counts."""
    state = ledger.state(envelope.campaign)  # 7, before 8
    try:
        return _by_receipt(envelope, Refused("campaign_closed"))  # 8
    except Refused as refused:
        if refused.reason == "campaign_closed" and state != "final":
            raise Refused("busy") from None  # being sealed just now: soon there is a receipt, or there is none for ever
        raise


def _by_receipt(envelope: Envelope, otherwise: Refused) -> bool:
    receipt = receipts.find(seals.receipt_id(envelope.r))
    if receipt is None:
        raise otherwise
    if receipt.check != seals.check_of(envelope.r, envelope.digest):
        raise Refused("submission_differs")
    return True


_together: Grouper[Asked, Tried | Exception] = Grouper(_try_together, GROUP, QUEUE, PATIENCE, PAUSE)


def _envelope(ticket: Ticket, batch: Batch, view: View, asked: Asked) -> Envelope:
    submission = asked.submission
    language = _checked(submission, view, asked.modes)
    answers = _answers(submission, view, rules.today_of(asked.now))
    cell = tallies.cell_of(
        view.questionnaire,
        answers,
        site=batch.site,
        session=batch.session,
        distribution=batch.distribution,
        mode=submission.mode,
        language=language,
    )
    id, key = submission.submission_id, ticket.key
    env = rules.envelope_id(key, batch.campaign, batch.kind, ticket.hash, id)
    return Envelope(
        env=env,
        campaign=batch.campaign,
        sub=rules.submission_hash(key, id),
        digest=rules.content_digest(answers, submission.mode, language),
        r=rules.receipt_secret(key, env, id),
        final_id=sealing.new_final_id(),
        answers=answers,
        cell=cell,
        hour=rules.hour_of(asked.now),
        duration=tallies.duration_class(submission.duration_s),
    )


def _answers(submission: Submission, view: View, today: date) -> Answers:
    given = submission.answers
    if submission.order_seed and isinstance(given, Mapping):
        given = {**given, ORDER: submission.order_seed}
    return questionnaires.check_answers(view.questionnaire, given, lenient=submission.lenient, today=today)


def _checked(submission: Submission, view: View, modes: Sequence[str]) -> str:
    """The language of the answers, after the submission's own fields were looked at."""
    languages = view.campaign.languages
    language = submission.language or languages[0]
    faults = []
    if not rules.SUBMISSION_ID.fullmatch(submission.submission_id):
        expected = "8 to 64 of A-Z a-z 0-9 _ -, made afresh for each answer sheet"
        faults.append(Fault("submission_id", "wrong_type", {"expected": expected}))
    if submission.mode not in modes:
        options = ", ".join(mode for mode in MODES if mode in modes)
        faults.append(Fault("mode", "not_an_option", {"value": submission.mode, "options": options}))
    if language not in languages:
        faults.append(Fault("lang", "not_an_option", {"value": language, "options": ", ".join(languages)}))
    if faults:
        raise Refused("invalid", faults)
    return language


def withdraw(receipt: str) -> None:
    """Take out the answer that a receipt belongs to. Raises Refused("receipt_unknown")."""
    sealing.withdraw(*_behind(receipt))


def own(receipt: str) -> tuple[View, Response]:
    """The answer that a receipt opens, for whoever holds it and for nobody else by this way.

    Raises Refused: receipt_unknown, answers_withdrawn.
    """
    campaign, r = _behind(receipt)
    return campaigns.view(campaign), sealing.own(campaign, r)


def _behind(receipt: str) -> tuple[str, bytes]:
    """(campaign, secret) of a receipt as typed. Raises Refused("receipt_unknown")."""
    short_code, r = rules.parse_receipt(receipt)
    campaign = campaigns.by_short_code(short_code)
    if campaign is None or ledger.state(campaign) is None:  # a draft has no answers, and tells nobody that it exists
        raise Refused("receipt_unknown")
    return campaign, r


def page(actor: Actor, campaign: str, cursor: int, size: int) -> tuple[list[Response], int | None]:
    """(sealed answers in the order of their random ids, the cursor of the next page or None). Evaluator only."""
    campaigns.get(actor, campaign, "responses.read")
    counted = sum(counts["n"] for counts in sealing.read(campaign)[0].values())
    width = max(stored.SLOTS * size // max(counted, size), 1)
    found: list[Response] = []
    while len(found) < size and cursor < stored.SLOTS:
        found += stored.page(campaign, cursor, width)
        cursor += width
    return found, cursor if cursor < stored.SLOTS else None


def waiting(actor: Actor, campaign: str) -> int:
    """How many accepted answers are not sealed yet: they are counted already, but nobody can read them one by one."""
    campaigns.get(actor, campaign, "responses.read")
    return sealing.waiting(campaign)


def one(actor: Actor, campaign: str, final_id: str) -> Response:
    campaigns.get(actor, campaign, "responses.read")
    response = stored.get(final_id)
    if response is None or response.campaign != campaign:
        raise Refused("not_found", noun="response")
    return response


def picture(actor: Actor, campaign: str, id: str) -> Picture:
    """A picture that came with an answer. Evaluator only."""
    campaigns.get(actor, campaign, "responses.read")
    found = media.get(campaign, id)
    if found is None:
        raise Refused("not_found", noun="picture")
    return found
