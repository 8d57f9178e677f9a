"""What to ask next: prepared questions that the sources answer, near to what was just asked. Pure.

A question is near when its answer stands in a passage that was found, in a source that the answer cites, or in one that
names the same organisations and people. No model is asked, so that an answer waits well under a millisecond for them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rag.store import HeldQuestion
from rag.types import Answer, Outcome, Turn
from rag.words import is_content, tokens

MOST = 3
"""Questions suggested at once."""
_ALIKE = 0.6
"""Share of content words in common, of all that either has, from which two questions ask the same."""
_PER_SOURCE = 2
_NEAR_HITS = 5
"""Passages found whose questions count as near; later ones share little with what was asked."""
_NAME_SHARE_MAX = 0.05
"""A name that more than this share of the sources have (the West Midlands, say) ties none of them together."""
_AT_HAND, _NAMED, _FOUND = 4.0, 2.0, 2.0
"""What it counts, in words in common with the question, that a source is cited, that it has a name of the cited sources
in common, and that the passage was found first. Chosen by eye on the corpus; nothing but the order depends on them."""
_NAMES_MOST = 2
_SILENT = frozenset({"privacy", "injection"})
"""Reasons of refusals after which nothing is suggested: there is no subject to go on with."""


def with_suggestions(answer: Answer, history: Sequence[Turn], prepared: Sequence[HeldQuestion]) -> Answer:
    """The answer with up to MOST questions that follow from it and that neither it nor the history answers."""
    if answer.reason in _SILENT or answer.outcome is Outcome.ERROR or not prepared:
        return answer
    shown = "\n".join([answer.text, *(turn.answer for turn in history)])
    asked = [_content(text) for text in (answer.question, answer.standalone_question, *(t.question for t in history))]
    chosen: list[HeldQuestion] = []
    for item in _by_nearness(answer, prepared):
        words = _content(item.question)
        fresh = item.quote not in shown and not any(_alike(words, other) for other in asked)
        if fresh and sum(other.source.id == item.source.id for other in chosen) < _PER_SOURCE:
            chosen.append(item)
            asked.append(words)
            if len(chosen) == MOST:
                break
    return replace(answer, suggestions=tuple(item.question for item in chosen))


def _by_nearness(answer: Answer, prepared: Sequence[HeldQuestion]) -> list[HeldQuestion]:
    """Those that are near at all, nearest first; all of them where nothing was looked for."""
    cited = [citation.source for citation in answer.citations]
    hits = answer.hits[:_NEAR_HITS]
    if not cited and not hits:
        return _spread(prepared, answer.question)
    ranks = {hit.passage.id: len(hits) - place for place, hit in enumerate(hits)}
    sources = {source.id: source for source in (cited or [hit.source for hit in hits])}
    names = _telling(frozenset(name for source in sources.values() for name in source.entities), prepared)
    words = _content(answer.standalone_question)

    def nearness(item: HeldQuestion) -> float:
        """0 where nothing but words ties the question to the answer."""
        tie = (
            _AT_HAND * (item.source.id in sources)
            + _NAMED * min(_NAMES_MOST, len(names.intersection(item.source.entities)))
            + _FOUND * ranks.get(item.passage_id, 0) / max(1, len(hits))
        )
        return tie and tie + len(words & _content(item.question))

    scored = [(nearness(item), item) for item in prepared]
    near = [(score, item) for score, item in scored if score]
    return [item for _, item in sorted(near, key=lambda pair: pair[0], reverse=True)]


def _spread(prepared: Sequence[HeldQuestion], question: str) -> list[HeldQuestion]:
    """One of each theme, beginning at another theme and another question for other words."""
    themes: dict[str, list[HeldQuestion]] = {}
    for item in prepared:
        themes.setdefault(item.source.theme, []).append(item)
    turn = sum(question.encode("utf-8", "replace"))
    groups = [themes[theme] for theme in sorted(themes)]
    start = turn % len(groups)
    return [group[turn % len(group)] for group in (*groups[start:], *groups[:start])]


def _telling(names: frozenset[str], prepared: Sequence[HeldQuestion]) -> frozenset[str]:
    """Those of the names that few sources have."""
    sources = {item.source.id: item.source for item in prepared}
    counts = Counter(name for source in sources.values() for name in names.intersection(source.entities))
    most = max(2, _NAME_SHARE_MAX * len(sources))
    return frozenset(name for name in names if counts[name] <= most)


@lru_cache(maxsize=8_192)
def _content(text: str) -> frozenset[str]:
    return frozenset(token for token in tokens(text) if is_content(token))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _ALIKE * len(one | other)
