"""What of ratings becomes a case: released themes, what a person ticked, and window-service ratings by themselves."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from service.domain.access import Actor
from service.domain.collect.campaigns import OPEN, Campaign
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.responses import Response
from service.domain.errors import Refused
from service.domain.inspect import themes as rules
from service.domain.inspect.follow_ups import INDIVIDUAL, RATING, THEME, FollowUp
from service.domain.projects import Site
from service.operations.acts import load
from service.operations.collect import campaigns, responses, seals
from service.operations.collect.questionnaires import of_campaign
from service.operations.inspect import follow_ups
from service.operations.organisations import AT_THE_MACHINE
from service.store import records
from service.store.collect import responses as stored

SERVICE_RATING = "service_rating"
RATING_DAYS = 15  # working days to put a bad rating right: an example of one city's rule, told as such in the case
RATING_BASIS = "Example, not in the measures: one city has bad ratings put right within 15 working days."


def release(
    actor: Actor,
    now: datetime,
    id: str,
    campaign_id: str,
    title: str,
    text: str,
    behind: Sequence[str],
    working_days: int,
) -> tuple[FollowUp, bool]:
    """Let the provider hear a theme that many answers raised; `behind` are their ids, which nobody else learns.

    Raises Refused: window_open while people may still answer, invalid when fewer than the minimum stand behind it or
    the text gives somebody away.
    """
    campaign = campaigns.get(actor, campaign_id, "responses.read")
    _refuse_open(campaign, now)
    questionnaire = of_campaign(campaign.id)
    texts = [question.id for question in questionnaire.questions if question.kind == "text"]
    wordings, there = [], set()
    for response in stored.each(campaign.id):
        wordings += [response.answers[name] for name in texts if name in response.answers]
        there.add(response.final_id)
    sites = records.find(Site, project=campaign.project)
    names = [str(session.get("name", "")) for site in sites for session in site.sessions]
    rules.check_theme(title, text, len(set(behind) & there), rules.LEAST_CELL, wordings, names)
    opened = _case(id, campaign, THEME, campaign.id, title, text, now)
    return follow_ups.enter(actor, now, working_days, opened)


def pass_on(
    actor: Actor, now: datetime, id: str, campaign_id: str, final_id: str, title: str, text: str, working_days: int
) -> tuple[FollowUp, bool]:
    """Make one answer a case, with what its person ticked and for whom, and nothing else.

    Raises Refused("not_passed_on") when nothing or nobody was ticked, or the questionnaire does not ask.
    """
    campaign = campaigns.get(actor, campaign_id, "responses.read")
    passed, whom = allowed(actor, campaign_id, final_id)
    subject = f"{campaign.id}/{_apart(final_id)}"
    opened = _case(id, campaign, INDIVIDUAL, subject, title, text, now, passed, whom)
    return follow_ups.enter(actor, now, working_days, opened)


def allowed(actor: Actor, campaign_id: str, final_id: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """What of one answer its person let be passed on, and to whom. Raises Refused("not_passed_on")."""
    response = responses.one(actor, campaign_id, final_id)
    questionnaire = of_campaign(campaign_id)
    what, whom = _ticked(questionnaire, response)
    if not what or "provider" not in whom:
        raise Refused("not_passed_on")
    return _passed(questionnaire, response, what), tuple(sorted(whom))


def allowing(actor: Actor, campaign_id: str, final_ids: Sequence[str]) -> frozenset[str]:
    """Those of some answers that may be passed on to the provider."""
    campaigns.get(actor, campaign_id, "responses.read")
    questionnaire = of_campaign(campaign_id)
    if questionnaire.passing_on is None or not final_ids:
        return frozenset()
    ticked = {one.final_id: _ticked(questionnaire, one) for one in stored.many(campaign_id, list(final_ids))}
    return frozenset(id for id, (what, whom) in ticked.items() if what and "provider" in whom)


def _ticked(questionnaire: Questionnaire, response: Response) -> tuple[frozenset[str], frozenset[str]]:
    asked = questionnaire.passing_on
    return asked.ticked(response.answers) if asked else (frozenset(), frozenset())


def open_ratings(now: datetime, campaign_id: str) -> int:
    """Cases for the bad ratings of a window service that are sealed and have none yet. -> how many were opened.

    Only a questionnaire of kind `service_rating` has such cases (好差评): there the rating is of a finished errand and
    meant to be answered. All other campaigns are left alone, whatever their answers say.
    """
    questionnaire = of_campaign(campaign_id)
    if questionnaire.purpose_kind != SERVICE_RATING:
        return 0
    campaign = load(Campaign, campaign_id, "campaign")
    known = {case.id for case in records.find(FollowUp, project=campaign.project, source=RATING)}
    opened = 0
    for response in _bad(questionnaire, stored.each(campaign_id)):
        id = f"rating-{_apart(response.final_id)}"
        if id in known:
            continue
        passed = _passed(questionnaire, response, frozenset({"choices", "words", "site"}))
        title, text = "差评 Bad rating", "请核实、整改，并答复。 Look into it, put it right, and answer."
        whom = ("provider", "purchaser", "authority")
        case = _case(id, campaign, RATING, campaign.id, title, text, now, passed, whom, RATING_BASIS)
        opened += follow_ups.enter(AT_THE_MACHINE, now, RATING_DAYS, case)[1]
    return opened


def _bad(questionnaire: Questionnaire, answers: Iterable[Response]) -> Iterable[Response]:
    """Answers whose headline item has one of the two worst levels that do not count as satisfied."""
    scale = next(iter(questionnaire.scales.values()), None)
    if scale is None:
        return
    worst = set(scale.levels) - set(scale.satisfied)
    for response in answers:
        if response.answers.get(scale.headline) in worst:
            yield response


def _passed(questionnaire: Questionnaire, response: Response, what: frozenset[str]) -> dict[str, str]:
    """The answers of the kinds that may be passed on; the questions about passing on stay out, and who helped too."""
    asked = questionnaire.passing_on
    silent = {questionnaire.help, *((asked.what, asked.whom) if asked else ())}
    kinds = {key: question.kind for question in questionnaire.questions for key in question.keys}
    wanted = {"text"} if "words" in what else set()
    wanted |= set(kinds.values()) - {"text", "photo"} if "choices" in what else set()
    found = {key: said for key, said in response.answers.items() if kinds.get(key) in wanted and key not in silent}
    return found | ({"#site": response.cell.site} if "site" in what and response.cell.site else {})


def _case(
    id: str,
    campaign: Campaign,
    source: str,
    subject: str,
    title: str,
    text: str,
    now: datetime,
    passed: dict[str, str] | None = None,
    whom: tuple[str, ...] = ("provider",),
    basis: str = "",
) -> FollowUp:
    return FollowUp(
        id=id,
        project=campaign.project,
        source=source,
        title=title.strip(),
        text=text.strip(),
        due_on=now.date(),
        opened_at=now,
        opened_by="",
        subject=subject,
        basis=basis,
        passed=passed,
        whom=whom,
    )


def _apart(final_id: str) -> str:
    """A name for a case that does not lead back to the answer: the provider sees it."""
    return hashlib.sha256(b"case\0" + final_id.encode()).hexdigest()[:24]


def _refuse_open(campaign: Campaign, now: datetime) -> None:
    if campaigns.state(campaign.id) == OPEN and now < campaign.closes_at:
        raise Refused("window_open")
    seals.seal(campaign.id)
