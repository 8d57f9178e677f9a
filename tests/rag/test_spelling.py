"""Slips are mended against the words of the sources; names, figures and known words are left alone."""

import pytest

from rag.spelling import repair

VOCABULARY = {
    "campus": 20,
    "health": 80,
    "innovation": 90,
    "commissioner": 4,
    "cluster": 9,
    "cyber": 12,
    "according": 70,
    "invest": 10,
    "universities": 30,
    "shuttle": 5,
    "building": 40,
}


@pytest.mark.parametrize(
    ("asked", "repaired"),
    [
        ("hw big wil bham helth inovation campus b", "how big will bham health innovation campus be"),
        ("cyber clustr", "cyber cluster"),
        ("who pays 4 the shuttle", "who pays for the shuttle"),
        ("hw mny ppl went 2 building", "how many people went to building"),
        ("wot r the 4 universities", "what are the 4 universities"),
        ("who shares the Tier 2 building with the uni", "who shares the Tier 2 building with the university"),
        ("10k in q4 2024", "10k in q4 2024"),
        ("bldng 4 clstr n hlth", "building for cluster and health"),
        ("1st tech comissioner", "first tech commissioner"),
        ("acording to KPMG", "according to KPMG"),
        ("investing in shuttles", "investing in shuttles"),
        ("who is Bhushan at RapidAI", "who is Bhushan at RapidAI"),
        ("£12.5m in 2024", "£12.5m in 2024"),
        ("mail helth@example.org", "mail helth@example.org"),
        ("boiling invst", "boiling invest"),
        ("", ""),
    ],
)
def test_repair(asked: str, repaired: str) -> None:
    assert repair(asked, VOCABULARY, {"boiling", "who"}.__contains__) == repaired
