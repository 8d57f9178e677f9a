"""Figures and names that no cited passage holds are found, whatever the guide's own gate thinks of them."""

from dataclasses import replace

import pytest
from eval_systems import SUITE, cited_answer

from evals.items import Item
from evals.metrics import BY_NAME
from evals.metrics.grounding import stray_facts
from evals.records import Reply, recorded_answer
from rag.generate import check
from rag.types import Answer, Sentence, Usage

PASSAGE = "The Alder Fund holds £25m for two hundred firms. Jo Marsh-Smith heads it from Dudley, since May 2021."


@pytest.mark.parametrize(
    ("sentence", "stray"),
    [
        ("The Alder Fund holds £25 million for 200 firms.", ()),
        ("Jo Marsh-Smith has headed the Alder Fund in Dudley since May 2021.", ()),
        ("Heading the fund is Marsh.", ()),
        ("The Alder Fund holds £26m.", ("2.6e+07",)),
        ("The Alder Fund holds £25m for twelve firms.", ("12",)),
        ("Zyntec heads the Alder Fund in Walsall.", ("walsall", "zyntec")),
        ("Jo Marsh-Brown heads it since June 2021.", ("june", "marsh-brown")),
    ],
)
def test_every_figure_and_name_is_looked_for_in_the_cited_passage(sentence: str, stray: tuple[str, ...]) -> None:
    assert stray_facts(sentence, PASSAGE) == stray


def scored(metric: str, answer: Answer) -> tuple[float, float]:
    reply = Reply(question=answer.question, answer=recorded_answer(answer), wall_ms=1.0)
    score = BY_NAME[metric].score(Item(SUITE.cases[0], 0), reply, {})
    return score.numerator, score.denominator


def test_a_sentence_is_held_to_the_passages_that_it_cites_itself() -> None:
    sound = cited_answer("q", "fund")
    assert scored("ungrounded", sound) == (0.0, 1.0)
    made_up = Sentence(text="Zyntec manages £99m.", markers=(1,), support=0.9)
    assert scored("ungrounded", replace(sound, sentences=(*sound.sentences, made_up))) == (1.0, 2.0)
    uncited = Sentence(text="It holds £25m.", markers=(), support=0.9)
    assert scored("ungrounded", replace(sound, sentences=(uncited,))) == (1.0, 1.0)


def test_the_report_says_what_became_of_a_models_sentences() -> None:
    usage = Usage(
        model="x", prompt_tokens=9, completion_tokens=9, cost=None, cached=False, markers_removed=2,
        sentences_struck=3, struck_reasons=(check.FIGURE, check.NAME, check.FIGURE),
    )  # fmt: skip
    kept = replace(cited_answer("q", "fund"), answerer="llm:x", usage=usage)
    assert scored("model_kept", kept) == (1.0, 1.0)
    assert scored("markers_removed", kept) == (2.0, 1.0)
    assert scored("struck_figure", kept) == (2.0, 4.0)
    assert scored("struck_date", kept) == (0.0, 4.0)
    fallen_back = replace(kept, answerer="extractive")
    assert scored("model_kept", fallen_back) == (0.0, 1.0)
    assert scored("struck_name", fallen_back) == (1.0, 3.0)
    assert scored("model_kept", replace(kept, usage=None)) == (0.0, 0.0)
