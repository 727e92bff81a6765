"""From a sheet to what stands on paper: the same facts in one or two languages."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from flask_babel import force_locale, gettext

from service.domain.collect.questionnaires import in_language
from service.domain.errors import Fault, Refused
from service.operations.collect import sheets
from service.operations.collect.sheets import Sheet
from service.web.languages import NAMES
from service.web.printing.job import Job, Words

CHINA = timezone(timedelta(hours=8))  # one time zone for the whole country
MOST_LANGUAGES = 2  # a slip has room for two
PLACEHOLDER = "2" * 12  # where the fonts are tried before there are codes
CSV_MARK = "\ufeff"  # by which spreadsheets know UTF-8


def job_of(sheet: Sheet, layout: str, languages: Sequence[str], base_url: str, font: str) -> Job:
    """The job of printing a sheet. Raises Refused("invalid") for languages that the campaign does not speak."""
    codes, session = sheet.codes or (PLACEHOLDER,), sheet.session.name if sheet.session else ""
    words = tuple(_words(sheet, name, base_url) for name in _checked(sheet, languages))
    return Job(layout, base_url, sheet.site.name, session, words, codes, font)


def invitations(sheet: Sheet, language: str, base_url: str) -> str:
    """CSV for whoever sends text messages: number, link, text. No names, no telephones: those never come to us."""
    [language] = _checked(sheet, [language])
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(["number", "link", "text"])
    with force_locale(language.replace("-", "_")):
        authority = _notice(sheet, "authority", language)
        until = _day_time(sheet.works_until)
        for number, code in enumerate(sheets.invitations(sheet), 1):
            link = f"{base_url}/s/{code}"
            about = {"authority": authority, "link": link, "until": until}
            text = gettext("[%(authority)s] Please tell us how the service was: %(link)s (until %(until)s)", **about)
            rows.writerow([number, link, text])
    return CSV_MARK + written.getvalue()


def usual(spoken: Sequence[str]) -> list[str]:
    """The first language and the next that is more than another script of it."""
    others = [name for name in spoken if name.partition("-")[0] != spoken[0].partition("-")[0]]
    return [*spoken[:1], *(others or spoken[1:])[: MOST_LANGUAGES - 1]]


def _checked(sheet: Sheet, languages: Sequence[str]) -> list[str]:
    spoken = [name for name in sheet.campaign.languages if name in NAMES]
    wanted = list(dict.fromkeys(languages)) or usual(spoken)
    options = ", ".join(spoken)
    faults = [
        Fault("languages", "not_an_option", {"value": name, "options": options})
        for name in wanted
        if name not in spoken
    ]
    if len(wanted) > MOST_LANGUAGES:
        faults.append(Fault("languages", "too_many", {"limit": MOST_LANGUAGES}))
    if not wanted:
        faults.append(Fault("languages", "missing"))
    if faults:
        raise Refused("invalid", faults)
    return wanted


def _words(sheet: Sheet, language: str, base_url: str) -> Words:
    address = f"{base_url}/s".partition("://")[2]
    with force_locale(language.replace("-", "_")):
        who = {"authority": _notice(sheet, "authority", language), "evaluator": _notice(sheet, "evaluator", language)}
        return Words(
            language,
            title=gettext("Tell us how the service was"),
            works=_works(sheet),
            enter=gettext("Or type the code at %(address)s", address=address),
            once=gettext("· once only"),
            scan=gettext("Scan the code with your phone"),
            told=(
                gettext("Commissioned by %(authority)s, carried out by %(evaluator)s.", **who),
                _notice(sheet, "purpose", language),
                gettext("Questions and complaints: %(phone)s", phone=str(sheet.campaign.notice.get("phone", ""))),
            ),
        )


def _works(sheet: Sheet) -> str:
    until = _day_time(sheet.works_until)
    if sheet.works_from is None:
        return gettext("Until %(until)s", until=until)
    begins = _day_time(sheet.works_from)
    if begins[:10] == until[:10]:
        until = until[11:]
    return gettext("%(begins)s to %(until)s", begins=begins, until=until)


def _day_time(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _notice(sheet: Sheet, fact: str, language: str) -> str:
    texts = sheet.campaign.notice.get(fact, "")
    return texts if isinstance(texts, str) else in_language(dict(texts), language)
