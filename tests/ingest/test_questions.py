"""The file of questions to suggest: checked with the corpus, kept in the store, held while the sources answer."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.check import check_corpus
from ingest.questions import QUESTIONS, QuestionsError
from ingest.sync import index, remove_sources
from rag.config import Settings
from rag.selection import Selection
from rag.store import SelectedStore, Store

BODY = "The Anvil Fund lent £7 million to Dudley foundries in 2025.\nIt employs 12 people in Tipton."
QUOTE = "The Anvil Fund lent £7 million to Dudley foundries in 2025."
VOCABULARY = """\
themes:
  funding: {label: Funding}
topics:
  funding: {label: Funding}
places:
  Birmingham: {kind: council}
organisations: {}
"""


def line(**fields: str) -> str:
    return json.dumps({"question": "How much did the Anvil Fund lend?", "source": "anvil", "quote": QUOTE, **fields})


def write(corpus: Path, *lines: str) -> None:
    (corpus / QUESTIONS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def held(settings: Settings) -> list[tuple[str, str]]:
    with Store.open(settings) as store:
        return [(item.question, item.source.id) for item in store.questions()]


def test_a_question_is_held_while_its_source_says_what_answers_it(
    new_settings: Callable[..., Settings], write_briefing: Callable[..., Path]
) -> None:
    settings = new_settings()
    write_briefing("anvil", BODY)
    write_briefing("other", "Telford hosts a data centre.", theme="health")
    write(settings.corpus, line(), line(question="Where is it?", source="other", quote="Telford hosts a data centre."))
    index(settings)
    both = [("How much did the Anvil Fund lend?", "anvil"), ("Where is it?", "other")]
    assert held(settings) == both
    with Store.open(settings) as store:
        (first, _) = store.questions()
        assert QUOTE in store.passages([first.passage_id])[0].text
        health = SelectedStore(store, Selection(themes=("health",))).view()
        assert [item.question for item in health.questions()] == ["Where is it?"]
    remove_sources(settings, ["other"])
    assert held(settings) == both[:1]
    write_briefing("anvil", BODY.replace("£7 million", "£8 million"))
    index(settings)
    assert held(settings) == []
    write_briefing("anvil", BODY)
    index(settings)
    assert held(settings) == both[:1]
    # A line more or less makes no new build, and is there all the same.
    write(settings.corpus)
    assert not index(settings).published
    assert held(settings) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (line(question="Who lends?", source="none"), "No briefing has the id 'none'"),
        (line(question="Who lends?", quote="It never said so."), "does not say"),
        (line(question="how much?"), "question"),
        (line(question="How much did the Anvil Fund lend"), "question"),
        (line(question=f"How {'very ' * 40}much?"), "question"),
        (line(question="Who is jo.bloggs@example.org?"), "personal details"),
        (line(extra="x"), "extra"),
        ('{"question": 1', "JSON"),
        (line(question="How much did the  anvil fund lend?"), "stands in line 1 too"),
    ],
)
def test_the_validator_names_the_line(
    tmp_path: Path, write_briefing: Callable[..., Path], wrong: str, said: str
) -> None:
    write_briefing("anvil", BODY)
    corpus = tmp_path / "corpus"
    (corpus / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")
    write(corpus, line())
    assert check_corpus(corpus) == ()
    write(corpus, line(), wrong)
    (problem,) = check_corpus(corpus)
    assert (problem.file, problem.line) == (corpus / QUESTIONS, 2)
    assert said in str(problem)


def test_a_file_that_cannot_be_read_stops_the_run_and_leaves_the_questions(
    new_settings: Callable[..., Settings], write_briefing: Callable[..., Path]
) -> None:
    settings = new_settings()
    write_briefing("anvil", BODY)
    write(settings.corpus, line())
    index(settings)
    write(settings.corpus, line(), "{")
    with pytest.raises(QuestionsError, match=r"questions.jsonl:2"):
        index(settings)
    (settings.corpus / QUESTIONS).write_bytes(b"\xff\xfe")
    with pytest.raises(QuestionsError, match="UTF-8"):
        index(settings)
    assert len(held(settings)) == 1
