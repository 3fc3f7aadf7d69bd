"""Texts in Markdown as Word documents (docx), by python-docx.

For letters and forms that a kommune puts its own words into. Headings, lists and tables
are those of Word, so that they can be read aloud and found in its navigation.
"""

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from markdown_it.token import Token

from pejling.domain.kommune import Logo
from pejling.output import text_pages

if TYPE_CHECKING:
    from docx.document import Document

MARGIN, TEXT_WIDTH = 22, 166
"""Of an A4 page, in mm."""

LOGO_HEIGHT, LOGO_WIDTH = 15, 80
"""Of the logo at most, in mm."""

LANGUAGES = {"da": "da-DK", "en": "en-GB"}


def document(
    text: str, language: str, logo: Logo | None = None, logo_name: str = ""
) -> bytes:
    """A text as a docx file on A4.

    :param language: "da" or "en": what the spelling is checked in.
    :param logo: a PNG that stands at the top; Word takes no SVG by itself.
    :param logo_name: what is read aloud in its place.
    """
    import docx  # not at start: it takes as long as half of Pejling

    made = docx.Document()
    _set_up(made, LANGUAGES[language])
    if logo is not None:
        _put(made, logo, logo_name)
    parts = iter(text_pages.tokens(text))
    for part in parts:
        _block(made, part, parts)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _set_up(made: "Document", language: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(MARGIN)
    page.top_margin = page.bottom_margin = Mm(20)
    normal: Any = made.styles["Normal"]
    normal.font.size = Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    for named in made.styles.element.iter(qn("w:lang")):
        named.set(qn("w:val"), language)
    # The template carries a name and a year that are not ours.
    about = made.core_properties
    about.author, about.comments, about.title = "", "", ""
    about.language = language


def _put(made: "Document", logo: Logo, name: str) -> None:
    from docx.shared import Mm

    height = min(LOGO_HEIGHT, LOGO_WIDTH * logo.height / logo.width)
    run = made.add_paragraph().add_run()
    picture: Any = run.add_picture(io.BytesIO(logo.picture), height=Mm(height))
    picture._inline.docPr.set("descr", name or "Logo")


def _block(made: "Document", part: Token, rest: Iterator[Token]) -> None:
    if part.type == "heading_open":
        level = int(part.tag[1]) - 1
        title = next(rest)
        if not level:
            made.core_properties.title = text_pages.words(title)
        _write(made.add_heading(level=level), title.children or ())
    elif part.type == "paragraph_open":
        _write(made.add_paragraph(), next(rest).children or ())
    elif part.type in ("bullet_list_open", "ordered_list_open"):
        style = "List Bullet" if part.type.startswith("bullet") else "List Number"
        for one in _inside(rest, part.type.replace("open", "close")):
            if one.type == "inline":
                _write(made.add_paragraph(style=style), one.children or ())
    elif part.type == "table_open":
        _table(made, list(_inside(rest, "table_close")))


def _inside(rest: Iterator[Token], end: str) -> Iterator[Token]:
    for one in rest:
        if one.type == end:
            return
        yield one


def _table(made: "Document", parts: Sequence[Token]) -> None:
    from docx.shared import Mm, Pt

    rows: list[list[Token]] = []
    for one in parts:
        if one.type == "tr_open":
            rows.append([])
        elif one.type == "inline":
            rows[-1].append(one)
    table = made.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    table.autofit = False
    widths = _widths(rows)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)  # some programs read this one, others the cells'
    for place, row in enumerate(rows):
        for cell, text, width in zip(table.rows[place].cells, row, widths, strict=True):
            cell.width = Mm(width)
            paragraph: Any = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            _write(paragraph, text.children or (), bold=place == 0)
        _mark(table.rows[place], "w:cantSplit")
    # Read out, and repeated on the next page, as what it is.
    _mark(table.rows[0], "w:tblHeader")
    made.add_paragraph()


def _widths(rows: Sequence[Sequence[Token]]) -> list[float]:
    """Width of each column in mm: room for its longest word, then by its longest cell.

    A letter takes 2.6 mm at most in the sizes that are used, and a cell's edges 4 mm.
    """
    columns = [[one.content for one in column] for column in zip(*rows, strict=True)]
    words = [4 + 2.6 * max(map(len, " ".join(one).split())) for one in columns]
    cells = [min(max(map(len, one)), 70) for one in columns]
    spare = max(0, TEXT_WIDTH - sum(words))
    return [
        word + spare * cell / sum(cells)
        for word, cell in zip(words, cells, strict=True)
    ]


def _mark(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _write(paragraph: Any, parts: Sequence[Token], *, bold: bool = False) -> None:
    is_strong = bold
    for one in parts:
        if one.type == "strong_open":
            is_strong = True
        elif one.type == "strong_close":
            is_strong = bold
        elif one.type in ("softbreak", "hardbreak"):
            paragraph.add_run().add_break() if one.type == "hardbreak" else (
                paragraph.add_run(" ")
            )
        elif one.content:
            paragraph.add_run(one.content).bold = is_strong or None
