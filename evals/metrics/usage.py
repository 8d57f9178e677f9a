"""What a chat model was used for. Nothing is scored where none was asked: that is not the same as nothing used."""

from evals.items import UNSCORED, Item, Metric, Score, Sources
from evals.records import RecordedUsage, Reply


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


def _asked(item: Item) -> bool:
    return item.case.task == "ask"


METRICS = (
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
