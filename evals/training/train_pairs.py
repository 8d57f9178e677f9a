"""Trains the pair reader on top of a trained sentence reader; the layers that both share are not learnt.

Each step takes some questions. One that the corpus answers comes with a right sentence, three hard wrong ones,
sometimes an easy wrong one, and its own right sentence under a question about another name or year; one that it does
not answer comes with three sentences that look like an answer. The loss is the binary cross-entropy of every pair and
half the cross-entropy of the right sentence among a question's own.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from torch.nn import functional

from evals.training.network import Lower, PairNetwork, pair_logits
from evals.training.pair_lessons import PairLesson, names_in, swapped

QUESTIONS_PER_STEP = 6
WARM_UP_STEPS = 40
REPORT_STEPS = 250
LEAST_RATE = 0.02
"""The learning rate falls linearly to this share of itself."""
RIGHT_WEIGHT = 2.0
RANK_WEIGHT = 0.5
HARDEST, HARD = 3, 14
"""Two wrong sentences are drawn from the hardest, one from the next."""
EASY_SHARE = 0.5
LOOKALIKES = 5
READ = 6
"""Sentences of a question whose best log-odds say whether it is answered."""

Pairs = list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how fast a network is taught."""

    rounds: float
    layers_rate: float
    head_rate: float


FROM_READER = Course(rounds=2.5, layers_rate=1e-4, head_rate=5e-4)
"""For a network whose layers are copies of the sentence reader's and whose head is new."""
GENERAL = Course(rounds=1.0, layers_rate=1e-4, head_rate=1e-4)
"""For public questions, whose answers vary far more than ours."""
FURTHER = Course(rounds=2.5, layers_rate=1e-4, head_rate=1e-4)
"""For one that has been taught before."""


def train_pairs(
    reader: Lower,
    network: PairNetwork,
    lessons: Sequence[PairLesson],
    course: Course,
    console: Console,
    steps_max: int | None = None,
) -> None:
    """Teach the network the lessons that are not held out; prints what it reaches on the others.

    `steps_max` bounds the steps, which otherwise follow from the rounds.
    """
    train = [lesson for lesson in lessons if not lesson.held_out]
    held_out = [lesson for lesson in lessons if lesson.held_out]
    names = names_in(train)
    rounds_steps = int(course.rounds * (len(train) // QUESTIONS_PER_STEP))
    steps = min(rounds_steps, steps_max or rounds_steps)
    optimiser = torch.optim.AdamW(
        [
            {"params": network.layers.parameters(), "lr": course.layers_rate},
            {"params": network.head.parameters(), "lr": course.head_rate},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / WARM_UP_STEPS) * max(LEAST_RATE, 1.0 - step / steps)
    )
    batches = _batches(train)
    network.train()
    losses: list[float] = []
    for step in track(range(1, steps + 1), "Training the pair reader", console=console):
        loss = _loss(reader, network, next(batches), train, names)
        losses.append(float(loss.detach()))
        if step % REPORT_STEPS == 0:
            console.print(f"step {step} of {steps}: loss {np.mean(losses[-REPORT_STEPS:]):.2f}")
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    area = area_under_roc(reader, network, held_out)
    console.print(f"answered or not, area under ROC on {len(held_out)} held out: {area:.3f}")


def area_under_roc(reader: Lower, network: PairNetwork, lessons: Sequence[PairLesson]) -> float:
    """How often a question that is answered has the higher best log-odds than one that is not."""
    network.eval()
    best: dict[bool, list[float]] = {True: [], False: []}
    with torch.no_grad():
        for lesson in lessons:
            texts = [*lesson.right[:1], *lesson.wrong[: READ - len(lesson.right[:1])]]
            logits = pair_logits(reader, network, [lesson.question] * len(texts), texts)
            best[bool(lesson.right)].append(float(logits.max()))
    network.train()
    return float(np.mean(np.array(best[True])[:, None] > np.array(best[False])[None, :]))


def _batches(train: Sequence[PairLesson]) -> Iterator[Sequence[PairLesson]]:
    while True:
        order = random.sample(train, len(train))
        for begin in range(0, len(order) - QUESTIONS_PER_STEP + 1, QUESTIONS_PER_STEP):
            yield order[begin : begin + QUESTIONS_PER_STEP]


def _loss(
    reader: Lower,
    network: PairNetwork,
    batch: Sequence[PairLesson],
    train: Sequence[PairLesson],
    names: Sequence[str],
) -> torch.Tensor:
    pairs: Pairs = []
    ranked: list[list[int]] = []
    for lesson in batch:
        own = _own_pairs(lesson)
        if lesson.right:
            ranked.append(list(range(len(pairs), len(pairs) + len(own))))
            own += _other_pairs(lesson, own[0][1], train, names)
        pairs += own
    logits = pair_logits(reader, network, [pair[0] for pair in pairs], [pair[1] for pair in pairs])
    answers = torch.tensor([float(pair[2]) for pair in pairs], device=logits.device)
    weight = torch.tensor(RIGHT_WEIGHT, device=logits.device)
    loss = functional.binary_cross_entropy_with_logits(logits, answers, pos_weight=weight)
    first = torch.zeros(1, dtype=torch.long, device=logits.device)
    rank = sum((functional.cross_entropy(logits[rows][None], first) for rows in ranked), logits.new_zeros(()))
    return loss + RANK_WEIGHT * rank / max(1, len(ranked))


def _own_pairs(lesson: PairLesson) -> Pairs:
    """The question with its own sentences, the right one first."""
    if not lesson.right:
        lookalikes = lesson.wrong[:LOOKALIKES]
        return [(lesson.question, text, False) for text in random.sample(lookalikes, min(3, len(lookalikes)))]
    hardest, hard = lesson.wrong[:HARDEST], lesson.wrong[HARDEST:HARD]
    wrong = random.sample(hardest, min(2, len(hardest))) + random.sample(hard, min(1, len(hard)))
    right = random.choice(lesson.right[:HARDEST])  # noqa: S311 - not for secrets
    return [(lesson.question, right, True), *((lesson.question, text, False) for text in wrong)]


def _other_pairs(lesson: PairLesson, right: str, train: Sequence[PairLesson], names: Sequence[str]) -> Pairs:
    """What its right sentence does not answer, and what does not answer the question by a long way."""
    pairs: Pairs = []
    other_question = swapped(lesson.question, right, names)
    if other_question:
        pairs.append((other_question, right, False))
    other = random.choice(train)  # noqa: S311
    if other is not lesson and other.right and random.random() < EASY_SHARE:  # noqa: S311
        pairs.append((lesson.question, other.right[0], False))
    return pairs
