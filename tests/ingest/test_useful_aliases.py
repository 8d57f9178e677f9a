"""Which aliases of the vocabulary are kept, and that the store answers with them after an index run."""

from pathlib import Path

from ingest.aliases import useful_aliases
from ingest.vocabulary import load_vocabulary
from rag.aliases import Alias
from rag.pipeline import Pipeline

VOCABULARY = """
themes: {funding: {label: Funding}}
topics: {}
places:
  Birmingham: {kind: council, aliases: [Brum, Birmingham City Council]}
  West Midlands: {kind: region, aliases: [West Mids, WMCA]}
organisations:
  West Midlands Combined Authority: {aliases: [WMCA]}
  University of Birmingham: {aliases: [UoB]}
  Midlands Engine Investment Fund: {aliases: [MEIF]}
  Jaguar Land Rover: {aliases: [JLR, finance]}
"""
TEXTS = (
    "The University of Birmingham is in Birmingham. MEIF lent money; MEIF lent more. WMCA and WMCA met.",
    "Jaguar Land Rover (JLR) builds cars in the West Midlands. Jaguar Land Rover hires. Birmingham City Council met.",
    "Jaguar Land Rover hires in the West Midlands and in Birmingham.",
)


def test_aliases_are_kept_where_the_name_is_what_the_sources_use(tmp_path: Path) -> None:
    file = tmp_path / "vocabulary.yaml"
    file.write_text(VOCABULARY, encoding="utf-8")
    assert useful_aliases(load_vocabulary(file), TEXTS) == (
        Alias("Brum", "Birmingham", kept=False),
        Alias("JLR", "Jaguar Land Rover", kept=True),
        Alias("UoB", "University of Birmingham", kept=False),
        Alias("West Mids", "West Midlands", kept=False),
    )


def test_the_guide_searches_for_what_an_alias_stands_for(guide: Pipeline) -> None:
    named = guide.search("University of Birmingham spin-outs", 5)
    assert [hit.passage.id for hit in guide.search("UoB spin-outs", 5)] == [hit.passage.id for hit in named]
