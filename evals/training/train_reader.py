"""Trains both readers: python -m evals.training.train_reader. Some hour and a quarter on two cores, less on a GPU.

Each step takes a batch of questions, one right sentence each and a few wrong ones that retrieval ranks high; every
sentence of the batch that is not right for a question counts as wrong for it (InfoNCE, van den Oord et al. 2018).
Only the `train` split is learnt from; the `held_out` split, about other sources, is printed after each round.
`--smoke` runs all of it on a few questions in a few steps, to see that it works from the index to the exported files.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from torch.nn import functional

from evals.fit.examples import labels
from evals.fit.questions import TrainingQuestion, training_questions
from evals.training.alike import says_the_same
from evals.training.export_reader import export_networks
from evals.training.network import QUESTION_TOKENS, SENTENCE_TOKENS, PairNetwork, Reader
from evals.training.pair_lessons import pair_lessons
from evals.training.train_pairs import FROM_READER, train_pairs
from rag.config import Settings
from rag.models import load_embedder
from rag.models.sentence_reader import WEIGHTS
from rag.retrieve import Retriever
from rag.store import Store

ROUNDS = 3
QUESTIONS_PER_STEP = 24
WRONG_PER_QUESTION = 3
WRONG_DEPTH = 16
"""Wrong sentences are drawn from this many of the best-ranked ones."""
LEARNING_RATE = 4e-5
WARM_UP_STEPS = 20
SMOKE_QUESTIONS, SMOKE_STEPS = 200, 20

console = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question with its right sentences and the wrong ones that retrieval takes for right, hardest first."""

    question: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    held_out: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepare lessons, train, report, export; `arguments` are those of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for reader.onnx, pairs.onnx and reader.json")
    parser.add_argument("--smoke", action="store_true", help=f"{SMOKE_QUESTIONS} questions, {SMOKE_STEPS} steps each")
    given = parser.parse_args(arguments)
    if given.smoke and given.out.resolve() == WEIGHTS.resolve():
        parser.error(
            "--smoke would put untrained weights in the place of the shipped ones: name another folder by --out"
        )
    given.out.mkdir(parents=True, exist_ok=True)
    questions = training_questions()
    if given.smoke:
        train(Settings(), spread(questions, SMOKE_QUESTIONS), given.out, SMOKE_STEPS)
    else:
        train(Settings(), questions, given.out)


def spread(questions: Sequence[TrainingQuestion], count: int) -> tuple[TrainingQuestion, ...]:
    """So many questions, evenly from the whole file, so that every split and kind is among them."""
    return tuple(questions[:: max(1, len(questions) // count)][:count])


def train(settings: Settings, questions: Sequence[TrainingQuestion], out: Path, steps_max: int | None = None) -> None:
    """Train both networks on the store that the settings name and write them into `out`.

    `steps_max` bounds the steps of each network, which otherwise follow from the rounds.
    """
    random.seed(0)
    torch.manual_seed(0)
    every = lessons(settings, questions)
    learnt = [lesson for lesson in every if not lesson.held_out]
    held_out = [lesson for lesson in every if lesson.held_out]
    reader = Reader().to("cuda" if torch.cuda.is_available() else "cpu")
    console.print(
        f"{len(learnt)} lessons; right sentence first on {len(held_out)} held out: {first(reader, held_out):.3f}"
    )
    train_sentences(reader, learnt, held_out, steps_max)
    reader.eval()
    pairs = PairNetwork(reader).to(reader.device)
    train_pairs(reader, pairs, pair_lessons(settings, questions, console), FROM_READER, console, steps_max)
    export_networks(reader.to("cpu"), pairs.to("cpu"), out)
    console.print(f"Written: {out}")


def train_sentences(
    reader: Reader,
    learnt: list[Lesson],
    held_out: Sequence[Lesson],
    steps_max: int | None = None,
    rounds: int = ROUNDS,
) -> None:
    """Teach the sentence reader in rounds; prints the loss and what it reaches on the held-out lessons."""
    rounds_steps = rounds * (len(learnt) // QUESTIONS_PER_STEP)
    steps = min(rounds_steps, steps_max or rounds_steps)
    optimiser, schedule = _optimiser(reader, steps)
    for number in range(rounds):
        random.shuffle(learnt)
        batches = list(_batches(learnt))[: steps - number * (len(learnt) // QUESTIONS_PER_STEP)]
        losses: list[float] = []
        for batch in track(batches, f"Round {number + 1} of {rounds}", console=console):
            loss = _loss(reader, batch)
            losses.append(float(loss.detach()))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            schedule.step()
        if batches:
            console.print(f"round {number + 1}: loss {np.mean(losses):.3f}, held out {first(reader, held_out):.3f}")


def lessons(settings: Settings, questions: Sequence[TrainingQuestion]) -> list[Lesson]:
    """Every answerable one of the questions whose answer retrieval finds."""
    found = []
    with Store.open(settings) as store:
        view, retriever = store.view(), Retriever(load_embedder(settings), settings)
        answerable = [item for item in questions if item.gold]
        for item in track(answerable, "Preparing lessons", console=console):
            candidates = sorted(retriever.find(item.question, view).candidates, key=lambda c: -c.similarity - c.lexical)
            right = labels(item, candidates)
            texts = [candidate.text for candidate in candidates]
            good = [texts[index] for index in np.flatnonzero(right)]
            bad = [texts[index] for index in np.flatnonzero(~right) if not says_the_same(texts[index], good)]
            if good and bad:
                held_out = item.split == "held_out"
                found.append(Lesson(item.question, tuple(good), tuple(bad[: 2 * WRONG_DEPTH]), held_out))
    return found


def first(reader: Reader, held_out: Sequence[Lesson]) -> float:
    """Share of lessons in which a right sentence scores above all wrong ones."""
    reader.eval()
    hits = 0
    with torch.no_grad():
        for lesson in held_out:
            sentences = reader.encode([*lesson.right, *lesson.wrong], SENTENCE_TOKENS)
            best = reader.score(reader.encode([lesson.question], QUESTION_TOKENS), sentences)[0].argmax()
            hits += int(best) < len(lesson.right)
    reader.train()
    return hits / len(held_out)


def _optimiser(reader: Reader, steps: int) -> tuple[torch.optim.AdamW, torch.optim.lr_scheduler.LambdaLR]:
    """AdamW with a warm-up and a linear decay. Word embeddings stay: two thousand questions see too few of them."""
    for parameter in reader.encoder.embeddings.parameters():
        parameter.requires_grad = False
    encoder = [parameter for parameter in reader.encoder.parameters() if parameter.requires_grad]
    groups = [
        {"params": encoder, "lr": LEARNING_RATE},
        {"params": list(reader.importance.parameters()), "lr": 1e-3},
        {"params": [reader.scale], "lr": 1e-2},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / WARM_UP_STEPS) * max(0.0, 1.0 - step / steps)
    )
    return optimiser, schedule


def _batches(train: Sequence[Lesson]) -> Iterator[Sequence[Lesson]]:
    for begin in range(0, len(train) - QUESTIONS_PER_STEP + 1, QUESTIONS_PER_STEP):
        yield train[begin : begin + QUESTIONS_PER_STEP]


def _loss(reader: Reader, batch: Sequence[Lesson]) -> torch.Tensor:
    """Cross-entropy of each question's right sentence among all sentences of the batch."""
    sentences: list[str] = []
    places = []
    for lesson in batch:
        places.append(len(sentences))
        sentences.append(random.choice(lesson.right))  # noqa: S311 - not for secrets
        hard = lesson.wrong[:WRONG_DEPTH]
        sentences += random.sample(hard, min(WRONG_PER_QUESTION, len(hard)))
    asked = reader.encode([lesson.question for lesson in batch], QUESTION_TOKENS)
    logits = reader.score(asked, reader.encode(sentences, SENTENCE_TOKENS))
    also_right = torch.tensor(
        [
            [sentence in lesson.right and column != place for column, sentence in enumerate(sentences)]
            for lesson, place in zip(batch, places, strict=True)
        ],
        device=logits.device,
    )
    return functional.cross_entropy(logits.masked_fill(also_right, -1e4), torch.tensor(places, device=logits.device))


if __name__ == "__main__":
    main()
