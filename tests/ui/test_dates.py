from datetime import date

import pytest

from rag.types import Source
from ui.dates import date_text, last_day, source_notes

TODAY = date(2026, 11, 22)


def source(**fields: str | None) -> Source:
    return Source(id="s", title="T", publisher="P", url="u", recorded="2026-11-22", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2023-06-20", "20 June 2023"),
        ("2023-06", "June 2023"),
        ("2023", "2023"),
        (None, "undated"),
        ("spring 2023", "spring 2023"),
        ("2023-13", "2023-13"),
    ],
)
def test_dates_as_readers_see_them(value: str | None, shown: str) -> None:
    assert date_text(value) == shown


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-02", date(2024, 2, 29)),
        ("2024", date(2024, 12, 31)),
        ("2024-03-05", date(2024, 3, 5)),
        ("2024-02-31", None),
        ("2024-00", None),
        ("soon", None),
    ],
)
def test_the_last_day_that_a_date_can_mean(value: str, day: date | None) -> None:
    assert last_day(value) == day


@pytest.mark.parametrize(
    ("fields", "notes"),
    [
        ({"published": "2026-01-01"}, ()),
        ({}, ()),
        ({"published": "2024-11-22"}, ()),
        ({"published": "2024-11-21"}, ("More than two years old",)),
        ({"published": "2024"}, ()),
        ({"published": "2026", "status": "closed"}, ("Closed",)),
        ({"published": "2026", "status": "historical"}, ("Historical",)),
        ({"published": "2026", "valid_until": "2026-03"}, ("Ended March 2026",)),
        ({"published": "2026", "valid_until": "2026-11-22"}, ()),
        ({"published": "2020", "status": "open"}, ("More than two years old",)),
    ],
)
def test_notes_warn_of_what_may_be_over(fields: dict[str, str], notes: tuple[str, ...]) -> None:
    assert source_notes(source(**fields), TODAY) == notes


def test_two_years_before_a_leap_day() -> None:
    assert source_notes(source(published="2022-02-28"), date(2024, 2, 29)) == ()
    assert source_notes(source(published="2022-02-27"), date(2024, 2, 29)) == ("More than two years old",)
