"""Personal details are seen before anything is kept or sent, and figures of the sources are not taken for them."""

import pytest

from rag.asked import checked_history, checked_question
from rag.privacy import Detail, passes_luhn, personal_detail
from rag.types import Turn


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("my card number is 4111 1111 1111 1111, book me", Detail.CARD),
        ("４１１１-1111-1111-1111", Detail.CARD),
        ("4111\u200b1111\u200b1111\u200b1111", Detail.CARD),
        ("charge my Visa 1234 5678 9012 3456", Detail.CARD),
        ("AB 12 34 56 C is mine", Detail.NATIONAL_INSURANCE),
        ("ab123456c", Detail.NATIONAL_INSURANCE),
        ("I'm jo.bloggs@example.com, sign me up", Detail.EMAIL),
        ("jo (at) example (dot) com", Detail.EMAIL),
        ("write to jo at example dot com", Detail.EMAIL),
        ("send it to me at info@example.com", Detail.EMAIL),
        ("07700 900123", Detail.TELEPHONE),
        ("+44 7700 900 123", Detail.TELEPHONE),
        ("ring me on 0121 496 0000", Detail.TELEPHONE),
        ("my passport number is 533401372", Detail.ACCOUNT),
        ("sort code 12-34-56", Detail.ACCOUNT),
    ],
)
def test_a_personal_detail_is_seen(text: str, kind: Detail) -> None:
    assert personal_detail(checked_question(text, 1000)) is kind


@pytest.mark.parametrize(
    "text",
    [
        "Who raised £12,500,000 in 2024 and 2025?",
        "grant reference 1234567890123456",
        "Is info@techwm.com the right address?",
        "Is 0121 303 1234 the council's number?",
        "What changed between 2019, 2020, 2021 and 2022?",
        "What is Bharat Bhushan's email address?",
        "How many firms are at Warwick dot what?",
    ],
)
def test_what_is_nobodys_detail_is_left_alone(text: str) -> None:
    assert personal_detail(text) is None


def test_the_luhn_test_is_the_standards() -> None:
    assert passes_luhn("4111111111111111")
    assert passes_luhn("79927398713")
    assert not passes_luhn("79927398710")
    assert not passes_luhn("0000000000000")


def test_history_is_cleaned_and_turns_with_personal_details_are_left_out() -> None:
    history = [
        Turn(question="I am jo@example.com", answer="Noted."),
        Turn(question="who\u202e heads\U000e0041 it?", answer="One. [1]\nTwo. [2]"),
        Turn(question="\u200b", answer="x"),
        Turn(question="what did I say?", answer="Your card is 4111 1111 1111 1111."),
    ]
    assert checked_history(history, 1000) == (Turn(question="who heads it?", answer="One. [1]\nTwo. [2]"),)
    assert len(checked_history(history[1:2] * 500, 1000)) == 20


def test_an_address_that_the_sources_gave_stays_in_the_history() -> None:
    history = [Turn(question="How do I reach BetaDen?", answer="Write to jo@betaden.example. [1]")]
    assert checked_history(history, 1000) == tuple(history)
