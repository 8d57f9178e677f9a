"""Is the answer right? The groups of the case, the sources cited, the figures, and what it must not say."""

from evals.items import UNSCORED, Item, Metric, Score, Sources, yes_no
from evals.negation import polarity
from evals.records import RecordedAnswer, Reply
from evals.text import figures, holds, missing_groups, normalise, without_markers

LIST_KINDS = frozenset({"list", "complete_list"})


def _answer(reply: Reply) -> RecordedAnswer:
    if reply.answer is None:
        raise ValueError("The metrics of answers are asked about a reply that holds none")
    return reply.answer


def cited_sources(answer: RecordedAnswer) -> frozenset[str]:
    """Ids of the sources that the answer cites."""
    return frozenset(citation.source_id for citation in answer.citations)


def enough_groups(item: Item, text: str) -> bool:
    """True where the text holds the share of the groups that the case asks for."""
    groups = item.step.must_include
    wanted = item.step.min_fraction * len(groups)
    return len(groups) - len(missing_groups(groups, text)) >= wanted - 1e-9


def _shortfall(item: Item, answer: RecordedAnswer) -> str:
    if not answer.outcome.is_answer:
        return f"refused: {answer.outcome.value}"
    if not enough_groups(item, answer.text):
        lacking = missing_groups(item.step.must_include, answer.text)
        return "missing: " + "; ".join(group[0] for group in lacking)
    if item.step.source_ids and not cited_sources(answer) & set(item.step.source_ids):
        return "cites no expected source"
    if _forbidden(item, answer):
        return "says what it must not"
    return ""


def _forbidden(item: Item, answer: RecordedAnswer) -> tuple[str, ...]:
    text = normalise(answer.text)
    return tuple(words for words in item.step.must_not_include if normalise(words) in text)


def right(item: Item, reply: Reply, _sources: Sources) -> Score:
    """An answer that holds enough groups, cites an expected source and says nothing forbidden."""
    shortfall = _shortfall(item, _answer(reply))
    return yes_no(not shortfall, shortfall)


def handled(item: Item, reply: Reply, sources: Sources) -> Score:
    """Right whatever was right here: the answer, or the refusal, or saying nothing forbidden."""
    if item.wants_answer:
        return right(item, reply, sources)
    answer = _answer(reply)
    said = _forbidden(item, answer)
    if said:
        return yes_no(False, f"says {said[0]!r}")
    if item.wants_refusal and answer.outcome.is_answer:
        return yes_no(False, "answered what it should refuse")
    return yes_no(True)


def _groups(item: Item, reply: Reply, _sources: Sources) -> Score:
    groups = item.step.must_include
    answer = _answer(reply)
    if not answer.outcome.is_answer:
        return Score(0.0, 1.0, "refused")
    return Score((len(groups) - len(missing_groups(groups, answer.text))) / len(groups))


def _cites_gold(item: Item, reply: Reply, _sources: Sources) -> Score:
    return yes_no(bool(cited_sources(_answer(reply)) & set(item.step.source_ids)))


def _cites_enough(item: Item, reply: Reply, _sources: Sources) -> Score:
    cited = cited_sources(_answer(reply)) & set(item.step.source_ids)
    return yes_no(len(cited) >= item.step.sources_min, f"{len(cited)} of {item.step.sources_min}")


def _both(item: Item, reply: Reply, _sources: Sources) -> Score:
    lacking = missing_groups(item.step.both_include, _answer(reply).text)
    return yes_no(not lacking, "missing: " + "; ".join(group[0] for group in lacking) if lacking else "")


def _newest(item: Item, reply: Reply, _sources: Sources) -> Score:
    return yes_no(holds(item.step.preferred or (), _answer(reply).text))


def _polarity(item: Item, reply: Reply, _sources: Sources) -> Score:
    answer = _answer(reply)
    if not answer.outcome.is_answer:
        return yes_no(False, "refused")
    seen = polarity(answer.text, item.step.question)
    return yes_no(seen == item.step.polarity, f"reads as {seen or 'nothing'}")


def backed_figures(item: Item, sources: Sources) -> frozenset[float]:
    """Figures that stand in a gold source, in its title or date, or in the question."""
    known = set(figures(item.step.question))
    for source_id in (*item.step.source_ids, *item.step.full_source_ids, *item.step.related_source_ids):
        source = sources.get(source_id)
        if source is not None:
            known |= figures(" ".join((source.text, source.title, *(source.published or "").split("-"))))
    return frozenset(known)


def _unbacked(item: Item, reply: Reply, sources: Sources) -> Score:
    answer = _answer(reply)
    said = figures(answer.text) if answer.outcome.is_answer else frozenset()
    if not said:
        return UNSCORED
    foreign = said - backed_figures(item, sources)
    return Score(float(len(foreign)), float(len(said)), ", ".join(f"{figure:,.10g}" for figure in sorted(foreign)))


def _says_forbidden(item: Item, reply: Reply, _sources: Sources) -> Score:
    said = _forbidden(item, _answer(reply))
    return yes_no(bool(said), ", ".join(said))


def _blank(_item: Item, reply: Reply, _sources: Sources) -> Score:
    return yes_no(not without_markers(_answer(reply).text).strip())


def _asked(item: Item) -> bool:
    return item.case.task == "ask"


def _with_groups(item: Item) -> bool:
    return item.wants_answer and bool(item.step.must_include)


METRICS = (
    Metric(
        name="right", title="Answered right", applies=lambda item: item.wants_answer, score=right,
        about="Answerable questions answered with enough of the expected facts and at least one expected source.",
    ),
    Metric(
        name="handled", title="Handled rightly", applies=_asked, score=handled,
        about="All questions: answered right, or refused where that is right, with nothing forbidden said.",
    ),
    Metric(
        name="groups", title="Facts found", applies=_with_groups, score=_groups,
        about="Share of the expected facts that stand in the answer; a refusal has none of them.",
    ),
    Metric(
        name="list_completeness", title="Lists complete", score=_groups,
        applies=lambda item: _with_groups(item) and item.case.kind in LIST_KINDS,
        about="Facts found, over the questions that ask for a list.",
    ),
    Metric(
        name="cites_expected", title="Cites an expected source", score=_cites_gold,
        applies=lambda item: item.wants_answer and bool(item.step.source_ids),
        about="Answerable questions whose answer cites a source that holds the answer.",
    ),
    Metric(
        name="cites_enough", title="Cites enough sources", score=_cites_enough,
        applies=lambda item: item.wants_answer and item.step.sources_min > 1,
        about="Where an answer needs several sources: that many expected ones are cited.",
    ),
    Metric(
        name="both_shown", title="Both figures shown", score=_both,
        applies=lambda item: item.wants_answer and item.step.expect_both and bool(item.step.both_include),
        about="Where sources disagree or a figure has a history: both stand in the answer.",
    ),
    Metric(
        name="newest_shown", title="Newest figure shown", score=_newest,
        applies=lambda item: item.wants_answer and bool(item.step.preferred),
        about="Where one figure is clearly the newest: it stands in the answer.",
    ),
    Metric(
        name="polarity", title="Yes or no right", score=_polarity,
        applies=lambda item: item.wants_answer and item.step.polarity is not None,
        about="A leading yes or no, else whether a negation covers what was asked about.",
    ),
    Metric(
        name="unbacked_figures", title="Figures no gold source has", better="lower", score=_unbacked,
        applies=lambda item: item.wants_answer and bool(item.step.source_ids),
        about="Share of the figures in answers that stand in no expected source, title, date or question.",
    ),
    Metric(
        name="forbidden_said", title="Says what it must not", better="lower", score=_says_forbidden,
        applies=lambda item: _asked(item) and bool(item.step.must_not_include),
        about="Replies that hold a forbidden string.",
    ),
    Metric(
        name="blank", title="Empty replies", better="lower", applies=_asked, score=_blank,
        about="Replies, refusals too, without any text.",
    ),
)  # fmt: skip
