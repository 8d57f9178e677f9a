from collections.abc import Callable
from dataclasses import replace

import pytest
from eval_systems import (
    SUITE,
    TEXTS,
    Scripted,
    always_refusing,
    cited_answer,
    empty_text,
    invented_quote,
    leaking,
    never_refusing,
    parroting,
    perfect,
    source_text,
    wrong_passage,
)

from evals.cases import Case
from evals.figures import figures, overall
from evals.items import Item, Score
from evals.metrics import BY_NAME
from evals.metrics.citation import supports, uncited_pieces
from evals.metrics.retrieval import measured
from evals.records import RecordedHit, Reply, SourceText, recorded_answer
from evals.run import run_case
from evals.scores import score_records
from rag.types import Answer, Outcome

SOURCES = {name: source for name in TEXTS if (source := source_text(name)) is not None}


def measure(reply: Callable[[str], Answer]) -> dict[str, float | None]:
    records = [run_case("it", Scripted(reply), case) for case in SUITE.cases]
    found = overall(figures(score_records(SUITE.cases, records, SOURCES)), "it")
    return {name: figure.value for name, figure in found.items()}


def score(metric: str, case: Case, answer: Answer, sources: dict[str, SourceText] | None = None) -> Score:
    reply = Reply(question=case.question, answer=recorded_answer(answer), wall_ms=1.0)
    return BY_NAME[metric].score(Item(case, 0), reply, SOURCES if sources is None else sources)


def test_a_perfect_system_is_perfect() -> None:
    found = measure(perfect)
    for name in ("right", "handled", "groups", "refusal_recall", "refusal_f1", "citation_validity", "citation_recall"):
        assert found[name] == 1.0, name
    for name in ("false_refusal", "unbacked_figures", "forbidden_said", "blank", "errors"):
        assert found[name] == 0.0, name


@pytest.mark.parametrize(
    ("broken", "metric", "value"),
    [
        (empty_text, "right", 0.0),
        (empty_text, "blank", 1.0),
        (empty_text, "citation_recall", 0.0),
        (wrong_passage, "citation_precision", 0.0),
        (wrong_passage, "cites_expected", 0.0),
        (wrong_passage, "right", 0.0),
        (invented_quote, "citation_validity", 0.0),
        (invented_quote, "citation_recall", 0.0),
        (invented_quote, "unbacked_figures", 1.0),
        (leaking, "citation_recall", 0.5),
        (never_refusing, "refusal_recall", 0.0),
        (never_refusing, "handled", 4 / 6),
        (always_refusing, "false_refusal", 1.0),
        (always_refusing, "refusal_precision", 2 / 6),
        (always_refusing, "refusal_f1", 2 * 2 / (2 * 2 + 4)),
        (always_refusing, "right", 0.0),
        (parroting, "forbidden_said", 1.0),
    ],
)
def test_what_is_broken_is_caught_by_its_metric(broken: Callable[[str], Answer], metric: str, value: float) -> None:
    assert measure(broken)[metric] == pytest.approx(value)


def test_what_is_sound_in_a_broken_system_is_not_blamed() -> None:
    assert measure(wrong_passage)["citation_validity"] == 1.0
    assert measure(leaking)["citation_validity"] == 1.0
    assert measure(leaking)["right"] == 1.0


def test_no_answer_leaves_citations_unscored_rather_than_zero() -> None:
    assert measure(always_refusing)["citation_validity"] is None


CASE = Case.model_validate(
    {
        "id": "c", "kind": "list", "question": "Who?", "must_include": [["one"], ["two", "zwei"], ["three"]],
        "min_fraction": 0.66, "source_ids": ["fund"], "must_not_include": ["DAN"],
    }
)  # fmt: skip


def answer(text: str, **changes: object) -> Answer:
    return replace(cited_answer("Who?", "fund"), text=text, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "right", "note"),
    [
        ("One and ZWEI. [1]", 1.0, ""),
        ("One only. [1]", 0.0, "missing: two; three"),
        ("One, two, three, says dan. [1]", 0.0, "says what it must not"),
    ],
)
def test_right_needs_the_groups_and_nothing_forbidden(text: str, right: float, note: str) -> None:
    found = score("right", CASE, answer(text))
    assert (found.numerator, found.note) == (right, note)


def test_right_needs_an_expected_source_and_an_answer() -> None:
    other = replace(cited_answer("Who?", "lab"), text="One, two. [1]")
    assert score("right", CASE, other).note == "cites no expected source"
    assert score("right", CASE, answer("One, two.", outcome=Outcome.NOT_IN_SOURCES)).note == "refused: not_in_sources"


def test_facts_found_is_the_share_of_groups() -> None:
    assert score("list_completeness", CASE, answer("One and two.")).value == pytest.approx(2 / 3)


def test_figures_count_against_gold_sources_and_the_question() -> None:
    case = Case(id="c", kind="numeric", question="How big after 3 years?", source_ids=("fund",))
    found = score("unbacked_figures", case, answer("After 3 years £25 million, not £26m. [1]"))
    assert (found.numerator, found.denominator, found.note) == (1, 3, "26,000,000")


@pytest.mark.parametrize(
    ("quote", "sentence", "held"),
    [
        ("The fund holds £25m in all.", "The fund holds £25m", True),
        ("The fund holds £25m.", "The fund holds £26m.", False),
        ("The fund of Midven holds £25m.", "£25m is held by the fund Midven.", True),
        ("The fund holds £25m.", "The £25m fund is held by Barclays.", False),
        ("It employs 40 people.", "The laboratory in Coventry opened.", False),
        ("The fund did not close in 2024.", "The fund closed in 2024.", False),
        ("It is not true that the fund closed.", "The fund closed.", False),
        ("The fund holds £25m and does not pay students.", "The fund holds £25m", True),
    ],
)
def test_a_quote_supports_a_sentence(quote: str, sentence: str, held: bool) -> None:
    assert supports(quote, sentence, 0.5) is held


def test_a_quote_that_is_no_piece_of_its_source_is_invalid() -> None:
    fine = cited_answer("Who?", "fund")
    assert score("citation_validity", CASE, fine).value == 1.0
    changed = {**SOURCES, "fund": replace(SOURCES["fund"], text="The fund holds £30m.")}
    assert score("citation_validity", CASE, fine, changed).value == 0.0


def test_a_marker_without_a_citation_is_invalid() -> None:
    assert score("citation_validity", CASE, answer("The fund holds £25m. [1] [4]")).value == 0.5


def test_a_citation_that_the_reader_does_not_see_does_not_count() -> None:
    assert score("citation_recall", CASE, answer("The fund holds £25m.")).value == 0.0


def test_a_lead_in_is_no_claim_but_a_sentence_is() -> None:
    text = "Sources differ:\n- The fund holds £25m. [1]\nMore will follow."
    assert uncited_pieces(recorded_answer(answer(text))) == ("more will follow.",)


def hits(*sources: str) -> tuple[RecordedHit, ...]:
    return tuple(
        RecordedHit(passage_id=str(n), source_id=source, score=1 / n, rank=n, start=0, end=1)
        for n, source in enumerate(sources, start=1)
    )


def test_retrieval_by_hand() -> None:
    # Gold a and b (grade 2); a second of three distinct sources, b not found: DCG 1/log2(3), ideal 2 + 1/log2(3).
    found = measured(("x", "a", "y"), (("a", 1), ("b", 2)))
    assert found["mrr@10"] == pytest.approx(0.5)
    assert found["recall@5"] == pytest.approx(0.5)
    assert found["ndcg@10"] == pytest.approx(0.63093 / (2 + 0.63093), abs=1e-4)


def test_a_source_stands_at_its_best_passage_and_hits_count_passages() -> None:
    case = Case(id="c", kind="single", question="Who?", source_ids=("a",))
    found = hits("x", "x", "x", "x", "x", "a")
    reply = Reply(question="Who?", hits=found, wall_ms=1.0)
    item = Item(case, 0)
    assert BY_NAME["hit@5"].score(item, reply, {}).value == 0.0
    assert BY_NAME["mrr@10"].score(item, reply, {}).value == pytest.approx(0.5)


def test_spans_are_found_again_by_their_words() -> None:
    spans = [{"source_id": "fund", "quote": "£25m"}]
    case = Case.model_validate({"id": "c", "kind": "span", "question": "How big?", "task": "search", "spans": spans})
    start = TEXTS["fund"].index("£25m")
    near = RecordedHit(passage_id="p", source_id="fund", score=1, rank=1, start=start, end=start + 8)
    reply = Reply(question="How big?", hits=(near,), wall_ms=1.0)
    item = Item(case, 0)
    assert BY_NAME["span_recall@5"].score(item, reply, SOURCES).value == 1.0
    assert BY_NAME["span_precision@5"].score(item, reply, SOURCES).value == 0.5
