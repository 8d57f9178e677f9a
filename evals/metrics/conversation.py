"""Is a question completed from the conversation when, and only when, it leans on it?"""

from evals.items import UNSCORED, Item, Metric, Score, Sources, yes_no
from evals.records import Reply


def _leans(item: Item) -> bool:
    return item.step.leans is True and item.case.task == "ask"


def _stands_alone(item: Item) -> bool:
    return item.step.leans is False and item.case.task == "ask"


def _completed(item: Item, reply: Reply, _sources: Sources) -> Score:
    answer = reply.answer
    if answer is None:
        return UNSCORED
    return yes_no(answer.standalone_question != item.step.question, answer.standalone_question)


def _left_alone(item: Item, reply: Reply, _sources: Sources) -> Score:
    answer = reply.answer
    if answer is None:
        return UNSCORED
    return yes_no(answer.standalone_question == item.step.question, answer.standalone_question)


METRICS = (
    Metric(
        name="completed", title="Follow-ups completed", applies=_leans, score=_completed,
        about="Turns that lean on the conversation and were asked in other words than their own.",
    ),
    Metric(
        name="left_alone", title="New topics left alone", applies=_stands_alone, score=_left_alone,
        about="First turns and new topics that were asked word for word, so that nothing earlier was dragged along.",
    ),
)  # fmt: skip
