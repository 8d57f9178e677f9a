"""An optional judge: a chat model that says right or wrong. Off unless called; the scores stand without it.

Its use is to find where the string rules are too strict or too lax, so its agreement with them is what is reported.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from evals.items import Item
from evals.records import Reply
from evals.scores import ScoredItem
from evals.statistics import Interval, Sample, ratio_interval

PROMPT = Path(__file__).parent / "prompts" / "judge.md"
_VERDICT = re.compile(r"^\W*(right|wrong)\b", re.IGNORECASE)
_FENCE = re.compile(r"={4,}")


class Message(Protocol):
    """What a chat model returns."""

    @property
    def content(self) -> object:
        """Its text."""
        ...


class ChatModel(Protocol):
    """The part of a LangChain chat model that the judge needs; give it one at temperature 0."""

    def invoke(self, prompt: str, /) -> Message:
        """One reply to one prompt."""
        ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judge's word on one item."""

    item: str
    verdict: bool | None
    """None where the reply held neither word, or a failure left nothing to judge."""
    said: str
    """The judge's whole reply."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often the judge and the deterministic score say the same, over the items on which both spoke."""

    share: float | None
    interval: Interval | None
    n_scored: int
    n_asked: int
    differing: tuple[str, ...]
    """Ids of the items on which they differ: these are worth reading."""


def prompt_for(item: Item, answer: str) -> str:
    """The judge's prompt; what is judged cannot close the lines that hold it."""
    expected = item.step.answer or ("A refusal." if item.wants_refusal else _facts(item))
    values = {"question": item.step.question, "expected": expected, "answer": answer}
    fenced = {name: _FENCE.sub("===", value) for name, value in values.items()}
    return re.sub(r"\{(\w+)\}", lambda match: fenced[match[1]], PROMPT.read_text(encoding="utf-8"))


def _facts(item: Item) -> str:
    return "It holds: " + "; ".join(" or ".join(group) for group in item.step.must_include)


def verdict_in(said: str) -> bool | None:
    """True for RIGHT, False for WRONG on the first line; None for anything else, which is never taken for either."""
    first = said.strip().split("\n", 1)[0]
    match = _VERDICT.match(first)
    return match[1].lower() == "right" if match else None


def judge(items: Sequence[Item], replies: Mapping[str, Reply], model: ChatModel) -> tuple[Judgement, ...]:
    """One judgement an item; a failed reply is not shown to the judge. What the model raises is not caught."""
    found = []
    for item in items:
        answer = replies[item.id].answer
        if answer is None:
            found.append(Judgement(item.id, None, ""))
            continue
        said = str(model.invoke(prompt_for(item, answer.text)).content)
        found.append(Judgement(item.id, verdict_in(said), said))
    return tuple(found)


def agreement(judgements: Sequence[Judgement], scored: Mapping[str, ScoredItem], metric: str = "handled") -> Agreement:
    """Compare with a deterministic metric that is 0 or 1."""
    both = [
        (one.item, one.verdict, scored[one.item].scores[metric].value == 1.0)
        for one in judgements
        if one.verdict is not None and metric in scored[one.item].scores
    ]
    pairs = [(float(verdict == right), 1.0) for _, verdict, right in both]
    sample = Sample.of(pairs, [scored[name].cluster for name, _, _ in both])
    return Agreement(
        share=sample.value,
        interval=ratio_interval(sample),
        n_scored=len(both),
        n_asked=len(judgements),
        differing=tuple(name for name, verdict, right in both if verdict != right),
    )
