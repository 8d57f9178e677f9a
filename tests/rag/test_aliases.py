"""Aliases are written out as the sources write them, and nothing else is touched."""

import pytest

from rag.aliases import Alias, write_out

ALIASES = (
    Alias("Brum", "Birmingham", kept=False),
    Alias("UoB", "University of Birmingham", kept=False),
    Alias("JLR", "Jaguar Land Rover", kept=True),
    Alias("SCALE", "Solihull and Coventry Automated Links Evolution", kept=False),
    Alias("CW Growth Hub", "Coventry and Warwickshire Growth Hub", kept=False),
    Alias("Growth Hub", "Business Growth West Midlands", kept=False),
)
WORDS = frozenset({"scale", "hub", "growth"})


@pytest.mark.parametrize(
    ("asked", "written_out"),
    [
        ("who funds seed rounds in brum?", "who funds seed rounds in Birmingham?"),
        ("Brum's start-ups", "Birmingham's start-ups"),
        ("uob spin-outs", "University of Birmingham spin-outs"),
        ("How many staff has JLR?", "How many staff has Jaguar Land Rover (JLR)?"),
        ("at what scale do they trial it", "at what scale do they trial it"),
        ("When did SCALE start?", "When did Solihull and Coventry Automated Links Evolution start?"),
        ("call the cw  growth hub", "call the Coventry and Warwickshire Growth Hub"),
        ("jlr and Jaguar Land Rover", "jlr and Jaguar Land Rover"),
        ("write to info@uob.example", "write to info@uob.example"),
        ("a brumal morning", "a brumal morning"),
    ],
)
def test_an_alias_becomes_the_name_of_the_sources(asked: str, written_out: str) -> None:
    assert write_out(asked, ALIASES, WORDS.__contains__) == written_out


def test_without_aliases_a_question_stays() -> None:
    assert write_out("who funds brum", (), WORDS.__contains__) == "who funds brum"
