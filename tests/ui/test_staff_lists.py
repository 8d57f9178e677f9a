"""The staff pages that list."""

import pytest

from ui.staff.layout import Frame
from ui.staff.lists import unanswered_page
from ui.staff.records import UnansweredGroup


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("no_match", "No sentence of the sources answers it."),
        ("out_of_area", "About a place outside the region."),
        ("a_reason_of_another_version", "a_reason_of_another_version."),
    ],
)
def test_an_unanswered_question_says_why_in_words(reason: str, shown: str) -> None:
    group = UnansweredGroup("Who flies?", count=2, last_asked="2026-11-28T05:00:00+00:00", reason=reason, nearest=())
    assert f", last on 28 November 2026, 05:00 UTC. {shown}</p>" in unanswered_page([group], Frame(csrf=""))
