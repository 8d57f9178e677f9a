from datetime import date

import pytest

from evals.hostile.writers import FONT, new_pdf, pdf_bytes, report, scanned, set_size, slides, two_columns, word
from ingest.readers.document import read_document
from ingest.readers.errors import EmptySource, EncryptedSource
from ingest.readers.extracted import Extracted

TODAY = date.today()


def read(data: bytes, name: str, content_type: str | None = None, url: str | None = None) -> Extracted:
    return read_document(data, name, content_type, url, TODAY)


def test_a_long_report_keeps_its_pages_and_loses_headers_and_footers() -> None:
    found = read(report(300), "plan.pdf")
    assert (found.title, found.author) == ("A plan for Mercia", "Priya Marlowe")
    assert len(found.pages) == 300
    assert "Combined Authority" not in found.text
    assert "of 300" not in found.text
    for number in (1, 12, 150, 300):
        start = found.pages[number - 1]
        end = found.pages[number] if number < 300 else len(found.text)
        assert f"Aim {number} is to train {number * 10} welders" in found.text[start:end]


def test_columns_are_read_one_after_the_other() -> None:
    text = read(two_columns(), "columns.pdf").text
    assert text.index("Left line 12") < text.index("right line 1 tells")
    assert "furnaces of Dudley Left line 2" in text


def test_words_broken_at_the_end_of_a_line_are_mended_and_compounds_are_not() -> None:
    pdf = new_pdf()
    pdf.add_page()
    lines = (
        "The publicly-funded scheme pays for compu-",
        "ting time in Birmingham. It is a publicly-",
        "funded offer.",
    )
    for row, line in enumerate(lines):
        pdf.text(15, 80 + 6 * row, line)
    text = read(pdf_bytes(pdf), "broken.pdf").text
    assert "pays for computing time in Birmingham. It is a publicly-funded offer." in text


def test_a_sentence_that_runs_over_the_page_is_one_and_knows_where_the_page_begins() -> None:
    pdf = new_pdf()
    for text in ("The fund of ten million pounds", "will open in Walsall next spring."):
        pdf.add_page()
        pdf.text(15, 150, text)
    found = read(pdf_bytes(pdf), "two.pdf")
    assert found.text == "The fund of ten million pounds will open in Walsall next spring."
    assert found.pages == (0, found.text.index("will open"))


def test_the_rows_of_a_pdf_table_can_be_read() -> None:
    pdf = new_pdf()
    pdf.add_page()
    for row, cells in enumerate((("Fund", "Area"), ("Falcon", "Coventry 12"), ("Heron", "Dudley 9"))):
        for column, cell in enumerate(cells):
            pdf.text(20 + 60 * column, 80 + 8 * row, cell)
    assert read(pdf_bytes(pdf), "table.pdf").text == "Fund: Falcon; Area: Coventry 12.\nFund: Heron; Area: Dudley 9."


def test_a_scan_is_refused_and_says_so_and_a_scanned_page_is_told() -> None:
    with pytest.raises(EmptySource, match="scan"):
        read(scanned(), "scan.pdf")
    pdf = new_pdf()
    pdf.add_page()
    pdf.text(15, 100, "The first page has words.")
    pdf.add_page()
    assert read(pdf_bytes(pdf), "half.pdf").warnings == ("No text on page 2: scanned, or a picture.",)


def test_a_locked_pdf_is_refused() -> None:
    pdf = new_pdf()
    pdf.add_page()
    pdf.text(15, 100, "Secret")
    pdf.set_encryption(owner_password="o", user_password="u")  # noqa: S106
    with pytest.raises(EncryptedSource, match="password"):
        read(pdf_bytes(pdf), "locked.pdf")


@pytest.mark.skipif(FONT is None, reason="no font with these letters")
def test_a_pdf_in_welsh_and_hebrew_keeps_its_letters() -> None:
    pdf = new_pdf()
    pdf.add_page()
    set_size(pdf, 11)
    pdf.text(15, 80, "Mae'r gronfa yn cefnogi tŷ dŵr a deallusrwydd artiffisial.")
    pdf.text(15, 120, "שלום עולם")
    text = read(pdf_bytes(pdf), "welsh.pdf").text
    assert "cefnogi tŷ dŵr a deallusrwydd" in text
    assert "שלום" in text or "םולש" in text


@pytest.mark.parametrize(
    "sentence",
    [
        "Mae'r gronfa yn buddsoddi hyd at £1m yng Nghaerdydd.",
        "ਬਰਮਿੰਘਮ ਵਿੱਚ ਨਵਾਂ ਫੰਡ ਖੁੱਲ੍ਹਿਆ ਹੈ।",
        "يدعم الصندوق الروبوتات في برمنغهام.",
        "The robots 🤖 of Dudley sing 🎶 loudly.",
    ],
)
def test_other_scripts_come_through_every_format(sentence: str) -> None:
    body = f"<h1>T</h1>{f'<p>{sentence}</p>' * 6}"
    page = f"<html><head><title>T</title></head><body><article>{body}</article></body></html>"
    for data, name in (
        (sentence.encode(), "a.txt"),
        (sentence.encode("utf-16"), "b.txt"),
        (f"# T\n\n{sentence}".encode(), "c.md"),
        (word(sentence), "d.docx"),
        (slides(("T", sentence)), "e.pptx"),
        (page.encode(), "f.html"),
    ):
        assert sentence in read(data, name).text, name


def test_word_keeps_headings_lists_and_tables() -> None:
    table = (("Fund", "Amount"), ("Falcon", "£1m"), ("Heron", "£2m"))
    found = read(word("The board met in Walsall.", title="Board minutes", table=table), "minutes.docx")
    assert found.title == "Board minutes"
    assert found.text == (
        "# Minutes of the board\n\nThe board met in Walsall.\n\n- Order microphones\n\n"
        "Fund: Falcon; Amount: £1m.\nFund: Heron; Amount: £2m."
    )


def test_slides_are_pages_and_notes_stay_private() -> None:
    found = read(slides(("Why listen", "Furnaces hum."), ("What next", "Ask the foundry.")), "talk.pptx")
    assert found.text == "## Why listen\n\nFurnaces hum.\n\n## What next\n\nAsk the foundry."
    assert found.text[found.pages[1] :].startswith("## What next")


def test_markdown_gives_its_words_without_links_and_its_front_matter() -> None:
    body = "# Fund\n\nThe [fund](http://x.y) is *open*.\n\n- one\n- two\n"
    text = f"---\ntitle: Falcon\ndate: 2025-03-01\nlayout: post\n---\n{body}"
    found = read(text.encode(), "falcon.md")
    assert found.text == "# Fund\n\nThe fund is open.\n\n- one\n- two"
    assert dict(found.given) == {"title": "Falcon", "published": "2025-03-01"}


@pytest.mark.parametrize(
    ("data", "wanted"),
    [("caf\xe9 für £5 – “now”", "cp1252"), ("Привет, мир. Это длинный русский текст о фондах.", "cp1251")],
)
def test_older_encodings_are_recognised(data: str, wanted: str) -> None:
    assert read(data.encode(wanted), "old.txt").text == data


def test_metadata_comes_from_json_ld_and_opengraph() -> None:
    body = "<p>The Falcon fund backs robots in Dudley and kilns in Stoke, the authority said on Monday.</p>" * 5
    page = f"""<!doctype html><html lang="en-GB"><head><title>x | y</title>
        <script type="application/ld+json">{{"@graph": [{{"@type": "NewsArticle", "headline": "Falcon lands",
        "datePublished": "2025-10-23T09:00:00Z", "author": [{{"@type": "Person", "name": "Priya Marlowe"}}],
        "publisher": {{"@id": "#org"}}}}, {{"@id": "#org", "name": "Mercia News"}}]}}</script>
        <meta property="og:site_name" content="Other"><link rel="canonical" href="/falcon"></head>
        <body><article><h1>Falcon lands</h1>{body}</article></body></html>"""
    found = read(page.encode(), "p.html", "text/html", "https://www.example.org/falcon?utm=1")
    assert (found.title, found.publisher, found.author) == ("Falcon lands", "Mercia News", "Priya Marlowe")
    assert (found.published, found.url, found.language) == ("2025-10-23", "https://www.example.org/falcon", "en-GB")


@pytest.mark.parametrize("day", ["2031-01-01", "1970-01-01"])
def test_an_impossible_date_is_questioned_and_unknown(day: str) -> None:
    body = "<p>The Falcon fund backs robots in Dudley and kilns in Stoke, the authority said.</p>" * 5
    page = f'<html><head><meta property="article:published_time" content="{day}"></head><body>{body}</body></html>'
    found = read(page.encode(), "p.html")
    assert found.published is None
    assert day in found.warnings[0]


def test_what_is_not_said_stays_unknown() -> None:
    found = read(b"The fund is open.", "note.txt")
    assert (found.publisher, found.author, found.published, found.url, found.language) == ("", "", None, "", "")
