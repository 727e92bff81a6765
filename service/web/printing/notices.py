"""A notice as a document: DOCX in the plain style of official letters, in the reader's language."""

import io
from typing import Any

from flask_babel import gettext

from service.domain.days import day_of
from service.operations.inspect.notices import Told

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Named, not embedded: the fonts of official letters, which offices have; other programs take the nearest they have.
BODY, HEADING = "FangSong", "SimHei"


def written(told: Told) -> bytes:
    """The DOCX of a notice."""
    from docx import Document  # late: start-up stays light
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document = Document()
    _styles(document)
    title = document.add_heading(gettext("Notice of check results"), 0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number = document.add_paragraph(gettext("No. %(number)s", number=told.notice.number))
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for heading, paragraphs, table in parts(told):
        if heading:
            document.add_heading(heading, 1)
        for text in paragraphs:
            document.add_paragraph(text)
        if table:
            _table(document, table)
    for text in ending(told):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def parts(told: Told) -> list[tuple[str, list[str], list[list[str]]]]:
    """(heading, paragraphs, table with its head) of each part: the same for document and page."""
    notice = told.notice
    opening = [
        gettext("To: %(provider)s", provider=told.provider),
        gettext("Project: %(project)s", project=told.project.name),
    ]
    if notice.checked_from and notice.checked_to:
        opening.append(
            gettext("Checked from %(first)s to %(last)s.", first=notice.checked_from, last=notice.checked_to)
        )
    if told.corrects:
        opening.append(gettext("This notice corrects notice No. %(number)s after an objection.", number=told.corrects))
    return [
        ("", [*opening, *notice.summary.split("\n")], []),
        (gettext("What was checked"), _remarks(told), _checked(told)),
        (gettext("What does not hold"), [], _deviations(told)),
        (gettext("How to object"), objection(told), []),
    ]


def _checked(told: Told) -> list[list[str]]:
    head = [gettext("List"), gettext("Records"), gettext("Drawn"), gettext("Checked"), gettext("With errors")]
    rows = [
        [one["frame"], *(str(one[name]) for name in ("population", "drawn", "checked", "errors"))]
        for one in told.notice.findings
    ]
    return [head, *rows] if rows else []


def _remarks(told: Told) -> list[str]:
    said = []
    for one in told.notice.findings:
        if one["limit"] is not None:
            said.append(
                gettext(
                    "%(list)s: with 95 %% confidence at most %(limit)s of %(population)s records have an error.",
                    list=one["frame"],
                    limit=one["limit"],
                    population=one["population"],
                )
            )
        if one["missing"]:
            text = gettext(
                "%(list)s: %(count)s drawn records are not decided upon yet.", list=one["frame"], count=one["missing"]
            )
            said.append(text)
        if not one["in_estimate"]:
            said.append(
                gettext(
                    "%(list)s: looked at for a complaint or report, not drawn by plan; in no error rate.",
                    list=one["frame"],
                )
            )
    return said


def _deviations(told: Told) -> list[list[str]]:
    names = {
        "found": gettext("not found"),
        "complete": gettext("not complete"),
        "true": gettext("not true"),
        "timely": gettext("not on time"),
    }
    rows = [
        [one["serial"], gettext(", ").join(names.get(name, name) for name in one["failed"])]
        for draw in told.notice.findings
        for one in draw["deviations"]
    ]
    return [[gettext("Record"), gettext("What does not hold")], *rows] if rows else []


def objection(told: Told) -> list[str]:
    """Where, how and until when to object."""
    where = told.notice.objection
    said = [
        gettext(
            "You may object in writing, with evidence, within %(days)s working days of receiving this notice, to: "
            "%(body)s, %(address)s, telephone %(phone)s.",
            days=where["working_days"],
            body=where["body"],
            address=where["address"],
            phone=where["phone"],
        ),
        gettext(
            "What you object to is looked into and answered within 5 working days of its receipt; errors are corrected."
        ),
    ]
    if told.notice.object_by:
        said.append(
            gettext(
                "Received on %(day)s; last day to object: %(last)s.",
                day=told.notice.served_on,
                last=told.notice.object_by,
            )
        )
    if told.notice.provisional:
        said.append(gettext("The last day is provisional: the days off of that year are not announced yet."))
    return said


def ending(told: Told) -> list[str]:
    """Who sends it and when."""
    issued = told.notice.issued_at
    return [told.evaluator, day_of(issued).isoformat() if issued else gettext("Draft, not issued")]


def _styles(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, font, size in (("Normal", BODY, 16), ("Title", HEADING, 22), ("Heading 1", HEADING, 16)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = font, Pt(size), RGBColor(0, 0, 0)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
