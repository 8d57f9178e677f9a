import pytest

from evals.text import content_words, figures, holds, names, without_markers


@pytest.mark.parametrize(
    ("alternative", "text", "held"),
    [
        ("120", "about 120 firms", True),
        ("120", "about 120,000 firms", False),
        ("120", "about 1,120 firms", False),
        ("120", "costs 120.5", False),
        ("120", "It was 120.", True),
        ("£12.5m", "£12.5M each", True),
        ("12-month", "a 12‑month contract", True),
        ("Express & Star", "the express &  star", True),
        ("it's", "it’s", True),
        ("5", "25", False),
    ],
)
def test_alternatives_follow_the_reference_matcher(alternative: str, text: str, held: bool) -> None:
    assert holds((alternative,), text) is held


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("£12.5m and 12.5 million", {12_500_000.0}),
        ("£12.5million", {12_500_000.0}),
        ("3,713 firms [1], 5 of them new [2, 3]", {3713.0, 5.0}),
        ("122% in 2024/25", {122.0, 2024.0, 25.0}),
        ("£1bn", {1e9}),
        ("no figures", set()),
        ("40 months", {40.0}),
        ("133,000 sq ft", {133_000.0}),
    ],
)
def test_figures_are_read_by_value(text: str, values: set[float]) -> None:
    assert figures(text) == values


def test_names_are_capitals_inside_sentences() -> None:
    assert names("The fund is run by Midven Ltd. It pays West Midlands firms [1].") == {
        "midven",
        "ltd",
        "west",
        "midlands",
    }


def test_markers_and_common_words_do_not_count() -> None:
    assert without_markers("One [1]. Two [2, 3].") == "One. Two."
    assert content_words("The fund is for the firms [1]") == {"fund", "firms"}
