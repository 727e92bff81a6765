"""One scan for quality marks: numbers over all answers first, then the marks of each answer in a second pass.

Both passes see one answer at a time. What is kept between grows with sites, hours and different texts (eight bytes
each), not with the answers themselves.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.collect import quality_persons as persons
from service.domain.collect import quality_places as places
from service.domain.collect.quality import Mark
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.responses import Response

HEADLINE_SCALE = "satisfaction"


@dataclass(frozen=True)
class Known:
    """What a scan is told: slips by (site, session, distribution), starts of (site, session), contacts by site."""

    slips: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    sessions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    contacts: Mapping[str, int] = field(default_factory=dict)


class Overview:
    """The first pass: add every answer, then `places` gives the marks of places."""

    def __init__(self, questionnaire: Questionnaire, parameters: places.Parameters, known: Known) -> None:
        self.questionnaire, self.parameters, self.known = questionnaire, parameters, known
        self.answers = 0
        self.durations: Counter[int] = Counter()
        self.hours: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.groups: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        self.of_group: Counter[tuple[str, str, str]] = Counter()
        self.of_site: Counter[str] = Counter()
        self.assisted: Counter[str] = Counter()
        self.valid: Counter[str] = Counter()
        self.satisfied: Counter[str] = Counter()
        self.texts: Counter[bytes] = Counter()

    def add(self, response: Response) -> None:
        cell = response.cell
        self.answers += 1
        self.of_site[cell.site] += 1
        self.of_group[_group(response)] += 1
        self.assisted[cell.site] += cell.assistance == "service_staff"
        if persons.timed(response):
            self.durations[response.duration] += 1
        if persons.hourly(response):
            self.groups[_group(response)][response.hour] += 1
            if not cell.session:
                self.hours[cell.site][response.hour] += 1
        self._add_answers(response)

    def _add_answers(self, response: Response) -> None:
        scale = self.questionnaire.scales.get(HEADLINE_SCALE)
        if scale is not None:
            code = response.answers.get(scale.headline)
            self.valid[response.cell.site] += code in scale.levels
            self.satisfied[response.cell.site] += code in scale.satisfied
        least = self.parameters["identical_text"]["least_length"]
        self.texts.update(persons.fingerprints(self.questionnaire, response.answers, least))

    def places(self) -> list[Mark]:
        return [
            *places.bursts(self.hours, self.parameters),
            *places.within_one_hour(self.groups, self.known.slips, self.parameters),
            *places.much_assisted(self.of_site, self.assisted, self.parameters),
            *places.all_satisfied(self.valid, self.satisfied, self.parameters),
            *places.more_than_slips(self.of_group, self.known.slips),
            *places.more_than_contacts(self.of_site, self.known.contacts, self.parameters),
        ]

    def not_judged(self) -> tuple[str, ...]:
        """Sentences on what no mark was looked for, and why."""
        found = []
        least = self.parameters["straight_line"]["least_items"]
        for name, scale in self.questionnaire.scales.items():
            if len(scale.items) < least:
                found.append(
                    f"straight_line: scale {name} has {len(scale.items)} items, fewer than {least:g}; "
                    "in short scales identical answers are normal"
                )
        if persons.median_class(self.durations, self.parameters["too_fast"]["least_answers"]) is None:
            found.append("too_fast: too few timed answers for a median; seconds an item alone are judged")
        if not self.known.contacts:
            found.append("more_than_contacts: no numbers of contacts were given")
        return tuple(found)


class Marking:
    """The second pass: the marks of each answer, its own and those of the places that it belongs to."""

    def __init__(self, overview: Overview) -> None:
        self.overview, self.parameters = overview, overview.parameters
        self.places = overview.places()
        least = self.parameters["too_fast"]["least_answers"]
        self.median = persons.median_class(overview.durations, least)
        offset = self.parameters["night"]["utc_offset"]
        self.starts = {
            where: persons.session_start(text, offset) for where, text in overview.known.sessions.items() if text
        }

    def of(self, response: Response) -> list[Mark]:
        own = [*self._answers(response), *(self._times(response) if persons.timed(response) else ())]
        return own + [place for place in self.places if _belongs(response, place.place)]

    def _times(self, response: Response) -> list[Mark]:
        marks = []
        items = sum(item in response.answers for item in self.overview.questionnaire.items)
        fast = persons.too_fast(response.duration, items, self.median, self.parameters["too_fast"])
        if fast is not None:
            marks.append(_own("too_fast", response, *fast))
        start = self.starts.get((response.cell.site, response.cell.session))
        early = persons.before_session(response.hour, start)
        if early is not None:
            marks.append(_own("before_session", response, early, 0))
        night = persons.at_night(response.hour, self.parameters["night"])
        if night is not None:
            marks.append(_own("night", response, night, self.parameters["night"]["from_hour"]))
        return marks

    def _answers(self, response: Response) -> list[Mark]:
        marks = []
        questionnaire = self.overview.questionnaire
        for scale in questionnaire.scales:
            levels = persons.levels_of(questionnaire, scale, response.answers)
            found = persons.straight_line(levels, self.parameters["straight_line"]) if levels else None
            if found is not None:
                marks.append(_own("straight_line", response, *found))
                break  # one mark a person: a second scale answered alike adds nothing
        own = self.parameters["identical_text"]
        prints = persons.fingerprints(questionnaire, response.answers, own["least_length"])
        most = max((self.overview.texts[one] for one in prints), default=0)
        if most >= own["least_answers"]:
            marks.append(_own("identical_text", response, most, own["least_answers"]))
        return marks


def _own(kind: str, response: Response, value: float, threshold: float, reference: float = 0) -> Mark:
    place = {"site": response.cell.site, "hour": response.hour}
    place |= {"session": response.cell.session, "distribution": response.cell.distribution}
    return Mark(kind, place, value, threshold, reference, 1, response.final_id)


def _group(response: Response) -> tuple[str, str, str]:
    return response.cell.site, response.cell.session, response.cell.distribution


def _belongs(response: Response, place: Mapping[str, str]) -> bool:
    return all((response.hour if name == "hour" else getattr(response.cell, name)) == at for name, at in place.items())


def count(marked: Sequence[Mark]) -> Counter[str]:
    """Answers by kind of mark, in one answer's marks each kind once."""
    return Counter({mark.kind for mark in marked})
