"""What a chat model was used for. Nothing is scored where none was asked: that is not the same as nothing used."""

from collections.abc import Callable

from evals.items import UNSCORED, Item, Metric, Score, Sources, yes_no
from evals.records import RecordedUsage, Reply
from rag.generate import check
from rag.types import LLM


def _usage(reply: Reply) -> RecordedUsage | None:
    return reply.answer.usage if reply.answer is not None else None


def _prompt_tokens(_item: Item, reply: Reply, _sources: Sources) -> Score:
    usage = _usage(reply)
    return Score(float(usage.prompt_tokens)) if usage else UNSCORED


def _completion_tokens(_item: Item, reply: Reply, _sources: Sources) -> Score:
    usage = _usage(reply)
    return Score(float(usage.completion_tokens)) if usage else UNSCORED


def _cost(_item: Item, reply: Reply, _sources: Sources) -> Score:
    usage = _usage(reply)
    return Score(usage.cost) if usage and usage.cost is not None else UNSCORED


def _kept(_item: Item, reply: Reply, _sources: Sources) -> Score:
    answer = reply.answer
    return yes_no(answer.answerer.startswith(LLM)) if answer and answer.usage else UNSCORED


def _markers_removed(_item: Item, reply: Reply, _sources: Sources) -> Score:
    usage = _usage(reply)
    return Score(float(usage.markers_removed)) if usage else UNSCORED


def _struck_for(reason: str) -> Callable[[Item, Reply, Sources], Score]:
    def score(_item: Item, reply: Reply, _sources: Sources) -> Score:
        answer, usage = reply.answer, _usage(reply)
        if answer is None or usage is None:
            return UNSCORED
        stood = len(answer.sentences) if answer.answerer.startswith(LLM) else 0
        return Score(float(usage.struck_reasons.count(reason)), float(stood + len(usage.struck_reasons)))

    return score


def _asked(item: Item) -> bool:
    return item.case.task == "ask"


METRICS = (
    Metric(
        name="model_kept", title="Answers kept from the model", applies=_asked, score=_kept,
        about="Of the questions for which a chat model was asked: those answered in its words; the rest fell back.",
    ),
    Metric(
        name="markers_removed", title="Invented markers a question", better="lower", unit="tokens", applies=_asked,
        score=_markers_removed, about="Citation markers that the model made up, mean over the same questions.",
    ),
    *(
        Metric(
            name=f"struck_{code}", title=f"Struck: {code.replace('_', ' ')}", better="lower", applies=_asked,
            score=_struck_for(reason), about=f"Sentences of the model struck out because: {reason}",
        )
        for code, reason in check.REASON_CODES.items()
    ),
    Metric(
        name="prompt_tokens", title="Prompt tokens a question", better="lower", unit="tokens", applies=_asked,
        score=_prompt_tokens, about="Tokens sent to the chat model, mean over the questions for which it was asked.",
    ),
    Metric(
        name="completion_tokens", title="Reply tokens a question", better="lower", unit="tokens", applies=_asked,
        score=_completion_tokens, about="Tokens of the chat model's replies, mean over the same questions.",
    ),
    Metric(
        name="cost", title="Cost a question", better="lower", unit="money", applies=_asked, score=_cost,
        about="In the currency of WMAI_LLM_PROMPT_PRICE and WMAI_LLM_COMPLETION_PRICE; none without these.",
    ),
)  # fmt: skip
