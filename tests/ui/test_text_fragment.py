"""Where "open original" leads, and how old a source is said to be."""

from datetime import date

import pytest

from rag.types import Source
from ui.dates import age_text
from ui.text_fragment import text_fragment

TODAY = date(2026, 11, 27)


def source(form: str = "html", url: str = "https://example.org/a") -> Source:
    return Source(id="s", title="t", publisher="p", url=url, recorded="2026-11-22", format=form)


@pytest.mark.parametrize(
    ("quote", "fragment"),
    [
        ("It grew by 5 %, to £2m.", "#:~:text=It%20grew%20by%205%20%25%2C%20to%20%C2%A32m."),
        ("A well-known & tested firm", "#:~:text=A%20well%2Dknown%20%26%20tested%20firm"),
        ("Short line\nThe longer of the two lines", "#:~:text=The%20longer%20of%20the%20two%20lines"),
        (
            "One two three four five six " + "and so on " * 20 + "until the very end is reached.",
            "#:~:text=One%20two%20three%20four%20five%20six,until%20the%20very%20end%20is%20reached.",
        ),
    ],
    ids=["signs", "hyphen", "lines", "long"],
)
def test_a_page_held_in_its_own_words_opens_at_the_quote(quote: str, fragment: str) -> None:
    assert text_fragment(source(), quote) == fragment


def test_what_has_a_fragment_keeps_it() -> None:
    assert text_fragment(source(url="https://example.org/a#part"), "It grew.") == ":~:text=It%20grew."


def test_a_briefing_is_in_our_words_and_a_pdf_opens_at_its_page() -> None:
    assert text_fragment(source("briefing"), "It grew.") == ""
    assert text_fragment(source("pdf"), "It grew.", 3) == "#page=3"
    assert text_fragment(source("pdf"), "It grew.") == ""
    assert text_fragment(source(), "") == ""


@pytest.mark.parametrize(
    ("published", "age"),
    [
        ("2026-11-27", "today"),
        ("2026-11-26", "yesterday"),
        ("2026-11-15", "12 days ago"),
        ("2026-10-28", "4 weeks ago"),
        ("2026-09-27", "2 months ago"),
        ("2026-03-28", "7 months ago"),
        ("2026-03-27", "8 months ago"),
        ("2025-11", "12 months ago"),
        ("2026-10", "1 month ago"),
        ("2026-11", "this month"),
        ("2024-11-27", "2 years ago"),
        ("2024-11-28", "23 months ago"),
        ("2017-01-01", "9 years ago"),
        ("2026", "this year"),
        ("2025", "last year"),
        ("2020", "6 years ago"),
        ("2027-01-01", ""),
        ("2026-12", ""),
        ("2027", ""),
        ("2026-11-28", ""),
        ("soon", ""),
    ],
)
def test_an_age_is_as_exact_as_the_date(published: str, age: str) -> None:
    assert age_text(published, TODAY) == age
