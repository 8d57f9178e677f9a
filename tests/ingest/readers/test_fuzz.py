"""Whatever the bytes are, a reader gives a document or a RefusedSource; read in the test's own process.

PDFs are not among them: pdfium is native code, which only the reading process may run on torn files.
"""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evals.hostile.files import epub, good, odt
from ingest.clean import clean_text
from ingest.readers.document import read_document
from ingest.readers.errors import RefusedSource
from ingest.readers.extracted import Extracted

TODAY = date.today()
NAMES = ("a.txt", "a.md", "a.html", "a.docx", "a.pptx", "a.odt", "a.epub", "a", "https://x.org/a?b")
MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div>",
            "<table>",
            "<tr>",
            "<td>",
            "<li>",
            "<ul>",
            "<h1>",
            "<blockquote>",
            "<article>",
            "<br>",
            "<a",
            "href=x>",
            "<!--",
            "-->",
            "<script>",
            "&lt;",
            "&#0;",
            "text.",
            "“Quote.”",
            "Jane\xa0Doe,",
            "Head\xa0of\xa0AI",
            "#",
            "##",
            "-",
            ">",
            "|",
            "|--|",
            "```",
            "*",
            "[",
            "](",
            ")",
            "---",
            "31\xa0March\xa02025",
            "cookies",
            "log\xa0in",
        ]
    )
    | st.text(max_size=20),
    max_size=60,
)
examples = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def taken(data: bytes, name: str, content_type: str | None = None) -> Extracted | None:
    with suppress(RefusedSource):
        found = read_document(data, name, content_type, None, TODAY)
        assert found.text == clean_text(found.text)
        assert list(found.pages) == sorted(found.pages)
        assert all(0 <= start <= len(found.text) for start in found.pages)
        assert found.published is None or "1990" <= found.published <= TODAY.isoformat()
        return found
    return None


@examples
@given(st.binary(max_size=400), st.sampled_from(NAMES), st.sampled_from((None, "text/html", "text/plain; charset=x")))
def test_any_bytes(data: bytes, name: str, content_type: str | None) -> None:
    if b"%PDF" not in data:
        taken(data, name, content_type)


@examples
@given(MARKUP, st.sampled_from(("a.txt", "a.md", "a.html")), st.sampled_from((" ", "\n", "\n\n")))
def test_any_markup(parts: list[str], name: str, joint: str) -> None:
    text = joint.join(parts)
    page = f"<html><body>{text}</body></html>" if name == "a.html" else text
    taken(page.encode("utf-8", "surrogatepass"), name)


@examples
@given(MARKUP)
def test_any_inside_of_a_container(parts: list[str]) -> None:
    body = "".join(parts).encode("utf-8", "replace").decode()
    taken(epub(body), "a.epub")
    taken(odt(body), "a.odt")


@examples
@given(st.data(), st.sampled_from(["minutes.docx", "talk.pptx", "text.odt", "book.epub"]))
def test_any_spot_of_an_office_file_may_be_torn(data: st.DataObject, name: str) -> None:
    whole = good()[name]
    place = data.draw(st.integers(0, len(whole) - 1))
    torn = data.draw(st.binary(min_size=1, max_size=50))
    taken(whole[:place] + torn + whole[place + len(torn) :], name)


@pytest.mark.parametrize("name", [name for name in good() if not name.endswith(".pdf")])
def test_a_sound_file_is_read(name: str) -> None:
    assert taken(good()[name], name) is not None
