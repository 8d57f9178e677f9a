"""Documents made by the programs' own writers, sound ones, for readers to read."""

from io import BytesIO
from pathlib import Path

import docx
import pptx
import pptx.util
from fpdf import FPDF

FONT = next(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"), None)
"""A font with Hebrew, Cyrillic and accents; without one PDFs are written in the built-in Helvetica."""


def new_pdf() -> FPDF:
    """A PDF without pages, in a font that has what is to be written."""
    pdf = FPDF()
    if FONT is not None:
        pdf.add_font("Body", fname=str(FONT))
    set_size(pdf, 11)
    return pdf


def set_size(pdf: FPDF, size: float) -> None:
    """Write on in that size, in points."""
    pdf.set_font("Body" if FONT is not None else "Helvetica", size=size)


def pdf_bytes(pdf: FPDF) -> bytes:
    """The finished file."""
    return bytes(pdf.output())


def report(pages: int) -> bytes:
    """A report with a header and a footer on every page, a heading and a paragraph."""
    pdf = new_pdf()
    pdf.set_title("A plan for Mercia")
    pdf.set_author("Priya Marlowe")
    for number in range(1, pages + 1):
        pdf.add_page()
        set_size(pdf, 8)
        pdf.text(20, 10, "Mercia Combined Authority: Growth plan")
        pdf.text(95, 291, f"Page {number} of {pages}")
        set_size(pdf, 18)
        pdf.set_xy(20, 30)
        pdf.cell(0, 10, f"Aim {number}")
        set_size(pdf, 11)
        pdf.set_xy(20, 45)
        pdf.multi_cell(160, 6, f"Aim {number} is to train {number * 10} welders in robotics. " * 4)
    return pdf_bytes(pdf)


def two_columns() -> bytes:
    """A page of two columns, written line by line across both, as some programs do."""
    left = [f"Left line {number} tells of the furnaces of Dudley" for number in range(1, 13)]
    right = [f"right line {number} tells of the kilns in Stoke" for number in range(1, 13)]
    pdf = new_pdf()
    pdf.add_page()
    for row, (one, other) in enumerate(zip(left, right, strict=True)):
        pdf.text(15, 60 + 6 * row, one)
        pdf.text(110, 60 + 6 * row, other)
    return pdf_bytes(pdf)


def scanned(pages: int = 2) -> bytes:
    """Pages with lines drawn on them and no text."""
    pdf = new_pdf()
    for _ in range(pages):
        pdf.add_page()
        pdf.line(10, 10, 100, 100)
    return pdf_bytes(pdf)


def word(*paragraphs: str, title: str = "", table: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """Minutes in Word: a heading, paragraphs, a list item, a table."""
    document = docx.Document()
    document.core_properties.title = title
    document.add_heading("Minutes of the board", 1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.add_paragraph("Order microphones", style="List Bullet")
    if table:
        made = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(made.add_row().cells, row, strict=True):
                cell.text = text
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def slides(*pages: tuple[str, str]) -> bytes:
    """A slide for each title and text, with speaker notes."""
    presentation = pptx.Presentation()
    for title, text in pages:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        assert slide.shapes.title is not None  # noqa: S101 - that layout has one
        slide.shapes.title.text = title
        slide.placeholders[1].text_frame.text = text
        slide.notes_slide.notes_text_frame.text = "Do not say this aloud"
    out = BytesIO()
    presentation.save(out)
    return out.getvalue()
