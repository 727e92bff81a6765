"""Free text: read a page at a time in the order of random ids, and put in order by the evaluator's tags."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.access import Actor
from service.domain.collect import texts as rules
from service.domain.collect.questions import CANNOT_SAY, WRITTEN, Question
from service.domain.collect.responses import Response
from service.domain.collect.tallies import counts_of
from service.domain.collect.texts import MOST_AT_ONCE, MOST_TAGS, TextTag, WrittenText
from service.domain.errors import Fault, Refused, invalid
from service.operations import projects
from service.operations.acts import act
from service.operations.collect import campaigns, seals
from service.operations.collect.questionnaires import of_campaign
from service.store import Tx
from service.store.collect import responses as stored
from service.store.collect import texts as stored_tags

MOST_READ = 4000  # answers looked at for one page: a rare site's texts come over several pages, none of them slow
UNTAGGED = "-"  # no tag is called so


@dataclass(frozen=True)
class TextPage:
    """`following` is the cursor of the next page, None at the end; `first` whether this is the beginning."""

    texts: tuple[WrittenText, ...]
    following: int | None


def questions(actor: Actor, campaign: str) -> list[tuple[Question, int]]:
    """(question that is answered in words, how many have written something), sealed or not."""
    campaigns.get(actor, campaign, "responses.read")
    counts = counts_of(seals.read(campaign)[0])
    return [(one, counts.get(f"c|{one.id}|{WRITTEN}", 0)) for one in rules.asked_in_words(of_campaign(campaign))]


def tags(actor: Actor, campaign: str, question: str) -> dict[str, int]:
    """Tag -> how many texts bear it, the most frequent first."""
    campaigns.get(actor, campaign, "responses.read")
    rules.question_of(of_campaign(campaign), question)
    counted = Counter(one.tag for one in stored_tags.of_question(campaign, question))
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def bearing(actor: Actor, campaign: str, question: str, tag: str) -> list[str]:
    """The ids of the answers that bear this tag for the question, in order. Evaluator only."""
    campaigns.get(actor, campaign, "responses.read")
    return sorted(one.response for one in stored_tags.of_question(campaign, question) if one.tag == tag)


def page(
    actor: Actor, campaign: str, question: str, cursor: int = 0, size: int = 30, tag: str = "", site: str = ""
) -> TextPage:
    """Texts from `cursor` on, those with this tag (UNTAGGED: with none), of this site. Evaluator only.

    A page may be short, or empty, where few fit: `following` then leads on. Raises Refused("invalid").
    """
    there = campaigns.get(actor, campaign, "responses.read")
    rules.question_of(of_campaign(campaign), question)
    if site and site not in there.sites:
        options = ", ".join(there.sites)
        raise Refused("invalid", [Fault("site", "not_an_option", {"value": site[:80], "options": options})])
    borne: dict[str, list[str]] = {}
    for one in stored_tags.of_question(campaign, question):
        borne.setdefault(one.response, []).append(one.tag)
    asked = _Asked(campaign, question, site, tag, borne)
    return _tagged(asked, cursor, size) if tag and tag != UNTAGGED else _all(asked, cursor, size)


@dataclass(frozen=True)
class _Asked:
    """What is looked for; `borne` are the tags that answers bear for this question."""

    campaign: str
    question: str
    site: str
    tag: str
    borne: dict[str, list[str]]

    def fit(self, found: Collection[Response]) -> list[WrittenText]:
        return [
            _written(one, self.question, self.borne.get(one.final_id, []))
            for one in found
            if one.answers.get(self.question, CANNOT_SAY) != CANNOT_SAY
            and self.site in ("", one.cell.site)
            and (self.tag != UNTAGGED or one.final_id not in self.borne)
        ]


def _written(one: Response, question: str, borne: Sequence[str]) -> WrittenText:
    cell = one.cell
    text, tagged = str(one.answers[question]), tuple(sorted(borne))
    return WrittenText(one.final_id, cell.site, cell.session, cell.mode, cell.language, one.hour, text, tagged)


def _tagged(asked: _Asked, cursor: int, size: int) -> TextPage:
    """By the tags: only the answers that bear it are read."""
    ids = sorted(id for id, tags in asked.borne.items() if asked.tag in tags and stored.slot_of(id) >= cursor)
    found: list[WrittenText] = []
    place = 0
    while place < len(ids) and len(found) < size:
        found += asked.fit(stored.many(asked.campaign, ids[place : place + size]))
        place += size
    return TextPage(tuple(found), stored.slot_of(ids[place]) if place < len(ids) else None)


def _all(asked: _Asked, cursor: int, size: int) -> TextPage:
    """By ranges of the random ids, each about a page wide."""
    counted = sum(counts["n"] for counts in seals.read(asked.campaign)[0].values())
    width = max(stored.SLOTS * size // max(counted, size), 1)
    found: list[WrittenText] = []
    read = 0
    while len(found) < size and cursor < stored.SLOTS and read < MOST_READ:
        some = stored.page(asked.campaign, cursor, width)
        found += asked.fit(some)
        read += max(len(some), 1)
        cursor += width
    return TextPage(tuple(found), cursor if cursor < stored.SLOTS else None)


def tag(
    actor: Actor, now: datetime, campaign: str, question: str, tag: str, responses: Sequence[str], remove: bool = False
) -> int:
    """Put a tag on texts, or take it off; -> how many changed. One journal entry for all of them, without their ids.

    Raises Refused: invalid, not_found (an answer that has been withdrawn meanwhile).
    """
    there = campaigns.get(actor, campaign, "responses.write")
    rules.question_of(of_campaign(campaign), question)
    name, ids = rules.tidy(tag), sorted(set(responses))
    _check(campaign, question, name, ids, remove)

    def write(tx: Tx) -> int:
        if remove:
            return stored_tags.take(tx, [rules.tag_id(id, question, name) for id in ids])
        made = [_made(actor, now, campaign, question, name, id) for id in ids]
        for one in made:
            found = stored.get(one.response, tx)
            if found is None or found.campaign != campaign or question not in found.answers:
                raise Refused("not_found", noun="response")
        return stored_tags.put(tx, made)

    details: dict[str, Any] = {"question": question, "tag": name, "answers": len(ids), "sha256": rules.digest(ids)}
    act_name = "texts.untagged" if remove else "texts.tagged"
    changed = act(act_name, actor, now, projects.scope(there.project), campaign, details, write)
    if not remove:  # one may have been withdrawn while the transaction was under way
        stored_tags.forget(sorted(set(ids) - {one.final_id for one in stored.many(campaign, ids)}))
    return changed


def _made(actor: Actor, now: datetime, campaign: str, question: str, tag: str, response: str) -> TextTag:
    id, slot = rules.tag_id(response, question, tag), stored.slot_of(response)
    return TextTag(id, campaign, question, response, slot, tag, actor.id, now)


def _check(campaign: str, question: str, tag: str, ids: Sequence[str], remove: bool) -> None:
    if not ids:
        raise Refused("invalid", [Fault("responses", "empty")])
    if len(ids) > MOST_AT_ONCE:
        raise Refused("invalid", [Fault("responses", "too_many", {"limit": MOST_AT_ONCE})])
    known = {one.tag for one in stored_tags.of_question(campaign, question)}
    if not remove and (tag == UNTAGGED or len(known | {tag}) > MOST_TAGS):
        raise invalid(
            "tag", "at most {most_tags} different tags, none called {untagged}", most_tags=MOST_TAGS, untagged=UNTAGGED
        )
