"""A report as DOCX by the habits of official documents (GB/T 9704): page, type, lines of 28 characters."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from math import floor
from typing import Any
from xml.sax.saxutils import escape

from service.web.printing.reports.blocks import BODY, LABEL, Drawings, Figure, Heading, Paper, Table

# Named, not embedded: the fonts of official documents, which offices have; other programs take the nearest they have.
TITLE, SONG, HEI, KAI, FANG = "方正小标宋简体", "SimSun", "SimHei", "KaiTi", "FangSong"
LATIN = "Times New Roman"
# In millimetres: what is left of A4 is 156 by 225, and in points: 22 lines of 28 characters of the third size.
PAGE, MARGINS, WRITTEN = (210, 297), {"top": 37, "bottom": 35, "left": 28, "right": 26}, 156
THIRD, SECOND, FOURTH, FIFTH, LETTERHEAD = 16, 22, 14, 10.5, 30
PITCH, CHARACTERS = 225 / 25.4 * 72 / 22, 28
RED = (0xC0, 0x00, 0x00)
LANGUAGES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "zh-CN"}
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a ZIP can tell: files differ by their content alone


def written(paper: Paper, drawings: Drawings) -> bytes:
    """The DOCX; the same bytes for the same report."""
    from docx import Document  # late: start-up stays light

    document = Document()
    _set_up(document, paper)
    _head(document, paper)
    left = iter(drawings)
    for block in paper.blocks:
        if isinstance(block, Heading):
            document.add_heading(block.text, block.level)
        elif isinstance(block, Table):
            _table(document, block)
        elif isinstance(block, Figure):
            _figure(document, block, next(left)[1])
        else:
            _paragraph(document, block.text, block.kind, paper.language)
    _closing(document, paper.closing)
    made = io.BytesIO()
    document.save(made)
    return _timeless(made.getvalue())


def _timeless(content: bytes) -> bytes:
    """The same parts in the same order without the time at which they were put together."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return packed.getvalue()


def _set_up(document: Any, paper: Paper) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    for side, margin in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(margin))
    section.footer_distance = Mm(MARGINS["bottom"] - 7 - 5)  # the number stands 7 mm below the text
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, right=True)
    _page_number(section.even_page_footer, right=False)
    _no_grid(section)
    _styles(document, LANGUAGES[paper.language])
    day = datetime.fromisoformat(paper.iso_day)
    told = document.core_properties
    told.title, told.subject, told.author, told.last_modified_by = paper.title, paper.subtitle, paper.issuer, ""
    told.created = told.modified = day
    told.comments, told.language = "", paper.language


def _no_grid(section: Any) -> None:
    """Programs lay characters into a grid each in its own way; lines of a fixed height and type set closer do not."""
    from docx.oxml.ns import qn

    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)


def _page_number(footer: Any, *, right: bool) -> None:
    """— 1 — on the outer side: odd pages on the right, even ones on the left, one character in."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    space = Pt(FOURTH)
    line.paragraph_format.right_indent, line.paragraph_format.left_indent = (space, None) if right else (None, space)
    for text in ("— ", None, " —"):
        run = line.add_run(text or "")
        _font(run, SONG, FOURTH)
        if text is None:
            for kind, code in (("begin", ""), ("", " PAGE "), ("end", "")):
                part = OxmlElement("w:fldChar" if kind else "w:instrText")
                if kind:
                    part.set(qn("w:fldCharType"), kind)
                else:
                    part.text = code
                run._r.append(part)


def _styles(document: Any, spoken: str) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    looks = (
        ("Normal", FANG, THIRD, False),
        ("Heading 1", HEI, THIRD, False),
        ("Heading 2", KAI, THIRD, False),
        ("Heading 3", FANG, THIRD, True),
    )
    for name, family, size, bold in looks:
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, Pt(size), bold, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        fonts.set(qn("w:eastAsia"), family)
        shape = style.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.keep_with_next = name != "Normal"
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(PITCH)
    closer = OxmlElement("w:spacing")  # so that 28 characters of 16 points go into 156 mm; twentieths of a point
    closer.set(qn("w:val"), str(floor((WRITTEN / 25.4 * 72 / CHARACTERS - THIRD) * 20)))
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), spoken)
    look = document.styles["Normal"].element.get_or_add_rPr()
    look.insert_element_before(closer, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")
    look.append(language)


def _font(run: Any, family: str, size: float, *, bold: bool = False, red: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run.font.name, run.font.size, run.font.bold = LATIN, Pt(size), bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)
    if red:
        run.font.color.rgb = RGBColor(*RED)


def _head(document: Any, paper: Paper) -> None:
    """The issuer in red, the number, a red line, the title."""
    _centred(document, paper.issuer, TITLE, LETTERHEAD, red=True, after=18)
    number = _centred(document, paper.number, FANG, THIRD, after=0)
    _rule(number)
    _centred(document, "", FANG, THIRD)
    _centred(document, paper.title, TITLE, SECOND, after=6)
    _centred(document, paper.subtitle, KAI, THIRD, after=6)
    if paper.mark:
        _centred(document, paper.mark, HEI, THIRD, red=True)
    _centred(document, "", FANG, THIRD)


def _centred(document: Any, text: str, family: str, size: float, *, red: bool = False, after: float = 0) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_after = Pt(after)
    line.paragraph_format.line_spacing = Pt(max(PITCH, size * 1.35))
    _font(line.add_run(text), family, size, red=red)
    return line


def _rule(paragraph: Any) -> None:
    """A red line as wide as the text below a paragraph."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", "C00000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    # The schema fixes the order: borders come before spacing and alignment.
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _paragraph(document: Any, text: str, kind: str, language: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn

    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT if language == "en" else WD_ALIGN_PARAGRAPH.JUSTIFY
    indent = line._p.get_or_add_pPr().get_or_add_ind()
    if kind == BODY:
        indent.set(qn("w:firstLineChars"), "200")
        indent.set(qn("w:firstLine"), str(THIRD * 2 * 20))
    size = THIRD if kind in (BODY, LABEL) else FOURTH - 2
    _font(line.add_run(text), HEI if kind == LABEL else FANG, size)
    if kind == LABEL:
        line.paragraph_format.keep_with_next = True


def _caption(document: Any, text: str, *, above: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.keep_with_next = above
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(6 if above else 0), Pt(0 if above else 6)
    _font(line.add_run(text), HEI, FIFTH + 1.5)


def _figure(document: Any, figure: Figure, png: bytes) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Mm

    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE  # a line of a fixed height would cut the picture
    line.paragraph_format.keep_with_next = True
    line.add_run().add_picture(io.BytesIO(png), width=Mm(WRITTEN))
    document.inline_shapes[-1]._inline.docPr.set("descr", figure.alternative)
    _caption(document, figure.caption, above=False)


def _table(document: Any, block: Table) -> None:
    """Written as XML: a report has thousands of cells, and the library builds each of them piece by piece."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Pt

    _caption(document, block.caption, above=True)
    widths = [round(WRITTEN / 25.4 * 1440 * share / sum(block.widths)) for share in block.widths]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = [_row(block, block.head, widths, head=True, bold=True)]
    for place, cells in enumerate(block.rows):
        indent = block.indents[place] if block.indents else 0
        lines.append(_row(block, cells, widths, bold=place in block.bold, indent=indent))
    look = f'<w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
    table = f"<w:tbl {nsdecls('w')}><w:tblPr>{look}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(lines)}</w:tbl>"
    after = document.add_paragraph()
    after.paragraph_format.line_spacing = Pt(8)
    after._p.addprevious(parse_xml(table))


def _row(
    block: Table,
    cells: Sequence[str],
    widths: Sequence[int],
    *,
    head: bool = False,
    bold: bool = False,
    indent: int = 0,
) -> str:
    told = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if head else "") + "</w:trPr>"
    for at, (text, width) in enumerate(zip(cells, widths, strict=True)):
        right = at in block.numeric and not head
        told += _cell(text, width, bold=bold, right=right, indent=indent if at == 0 else 0)
    return f"<w:tr>{told}</w:tr>"


def _cell(text: str, width: int, *, bold: bool, right: bool, indent: int) -> str:
    shape = '<w:spacing w:line="280" w:lineRule="exact"/>'
    shape += f'<w:ind w:left="{indent * 160}"/>' if indent else ""
    shape += '<w:jc w:val="right"/>' if right else '<w:jc w:val="left"/>'
    family = HEI if bold else FANG
    fonts = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{family}"/>'
    size = f'<w:sz w:val="{round(FIFTH * 2)}"/>'
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr>{shape}</w:pPr>'
        f"<w:r><w:rPr>{fonts}{size}</w:rPr>{words}</w:r></w:p></w:tc>"
    )


def _closing(document: Any, closing: Sequence[Sequence[str]]) -> None:
    """Who signs and the day, on the right, with room for the seal over both."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn

    for signer in closing:
        document.add_paragraph()
        document.add_paragraph()
        for place, text in enumerate(signer):
            line = document.add_paragraph(text)
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.keep_with_next = place < len(signer) - 1
            indent = line._p.get_or_add_pPr().get_or_add_ind()
            indent.set(qn("w:rightChars"), "400")
            indent.set(qn("w:right"), str(THIRD * 4 * 20))
