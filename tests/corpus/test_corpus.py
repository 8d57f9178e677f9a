"""The corpus as it stands in the repository."""

import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from ingest.briefing import Briefing, parse_file
from ingest.check import check_corpus
from ingest.vocabulary import Vocabulary, load_vocabulary

CORPUS = Path(__file__).parents[2] / "corpus"
WMCA = ("Birmingham", "Coventry", "Dudley", "Sandwell", "Solihull", "Walsall", "Wolverhampton")
WIDER_REGION = """
    Herefordshire; Shropshire; Telford and Wrekin; Staffordshire; Stoke-on-Trent; Warwickshire; Worcestershire;
    Cannock Chase; East Staffordshire; Lichfield; Newcastle-under-Lyme; South Staffordshire; Stafford;
    Staffordshire Moorlands; Tamworth; North Warwickshire; Nuneaton and Bedworth; Rugby; Stratford-on-Avon; Warwick;
    Bromsgrove; Malvern Hills; Redditch; Worcester; Wychavon; Wyre Forest
"""


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary(CORPUS / "vocabulary.yaml")


@cache
def briefings() -> tuple[Briefing, ...]:
    return tuple(parse_file(path) for path in sorted(CORPUS.glob("*/*.md")))


def sentences(briefing: Briefing) -> list[str]:
    return [line for line in briefing.body.split("\n") if line and not line.startswith("#")]


def test_the_validator_finds_nothing() -> None:
    newest = max(date.fromisoformat(briefing.front.recorded) for briefing in briefings())
    assert [str(problem) for problem in check_corpus(CORPUS, today=newest)] == []


def test_all_sources_are_there() -> None:
    assert len(briefings()) >= 710
    assert sum(len(sentences(briefing)) for briefing in briefings()) >= 1_970


def test_every_theme_is_a_folder_with_briefings() -> None:
    held = Counter(briefing.theme for briefing in briefings())
    assert set(held) == set(vocabulary().themes)
    assert 8 <= len(held) <= 14
    assert min(held.values()) >= 15


def test_every_topic_is_used() -> None:
    used = {topic for briefing in briefings() for topic in briefing.front.topics}
    assert used == set(vocabulary().topics)


def test_the_vocabulary_knows_the_councils_and_the_wider_region() -> None:
    held = vocabulary()
    assert held.wmca_councils() == WMCA
    for name in re.split(r";\s*", WIDER_REGION.strip()):
        assert held.canonical_place(name) == name
        assert held.places[name].kind in ("county", "district")
    region = {name for name, place in held.places.items() if place.kind != "elsewhere"}
    assert all(held.places[name].within in region for name in (*WMCA, "Black Country", "Digbeth"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Brum", "Birmingham"),
        ("black country", "Black Country"),
        ("WMCA", "West Midlands"),
        ("Stoke", "Stoke-on-Trent"),
    ],
)
def test_places_are_known_as_people_call_them(typed: str, meant: str) -> None:
    assert vocabulary().canonical_place(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("WMCA", "West Midlands Combined Authority"),
        ("UoB", "University of Birmingham"),
        ("BCU", "Birmingham City University"),
        ("JLR", "Jaguar Land Rover"),
        ("MEIF II", "Midlands Engine Investment Fund II"),
        ("UHB", "University Hospitals Birmingham"),
        ("QE", "Queen Elizabeth Hospital Birmingham"),
        ("KPMG", "KPMG"),
    ],
)
def test_organisations_are_known_by_their_short_forms(typed: str, meant: str) -> None:
    assert vocabulary().canonical_organisation(typed) == meant


def test_every_alias_stands_for_one_entry() -> None:
    held = vocabulary()
    for section, canonical in (
        (held.topics, held.canonical_topic),
        (held.places, held.canonical_place),
        (held.organisations, held.canonical_organisation),
    ):
        for name, entry in section.items():
            assert {canonical(spelling) for spelling in (name, *entry.aliases)} == {name}


def test_addresses_of_offices_stand_as_published() -> None:
    text = "\n".join(briefing.body for briefing in briefings())
    for address in (
        "WMInvestmentzone@wmca.org.uk",
        "apprenticeshiprecruitment@staffs.ac.uk",
        "centreforgrowth@aston.ac.uk",
    ):
        assert address in text


def test_long_briefings_have_headings_and_short_paragraphs() -> None:
    for briefing in briefings():
        if len(sentences(briefing)) >= 8:
            assert "## " in briefing.body, briefing.path
        for paragraph in briefing.body.strip().split("\n\n"):
            assert paragraph.count("\n") < 5, briefing.path


def test_a_closing_date_comes_with_a_status() -> None:
    dated = [briefing.front for briefing in briefings() if briefing.front.valid_until]
    assert dated
    assert all(front.status for front in dated)


def test_files_end_with_one_line_break_and_name_the_licence() -> None:
    for briefing in briefings():
        assert re.search(r"[^\n]\n\Z", briefing.body), briefing.path
        assert briefing.front.licence == "Apache-2.0"


def test_the_readme_names_every_theme() -> None:
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    for slug, theme in vocabulary().themes.items():
        assert f"| `{slug}` | {theme.label} |" in readme
