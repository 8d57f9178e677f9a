"""Trains both readers: python -m evals.training.train_reader. Some hour and a quarter on two cores, less on a GPU.

Each step takes a batch of questions, one right sentence each and a few wrong ones that retrieval ranks high; every
sentence of the batch that is not right for a question counts as wrong for it (InfoNCE, van den Oord et al. 2018).
Only the `train` split is learnt from; the `held_out` split, about other sources, is printed after each round.
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
from evals.fit.questions import training_questions
from evals.training.alike import says_the_same
from evals.training.export_reader import export_networks
from evals.training.network import QUESTION_TOKENS, SENTENCE_TOKENS, Reader
from evals.training.pair_lessons import pair_lessons
from evals.training.train_pairs import train_pairs
from rag.config import Settings
from rag.models import load_embedder
from rag.retrieve import Retriever
from rag.store import Store

TARGET = Path(__file__).parents[2] / "rag" / "models" / "weights"
ROUNDS = 3
QUESTIONS_PER_STEP = 24
WRONG_PER_QUESTION = 3
WRONG_DEPTH = 16
"""Wrong sentences are drawn from this many of the best-ranked ones."""
LEARNING_RATE = 4e-5
WARM_UP_STEPS = 20

console = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question with its right sentences and the wrong ones that retrieval takes for right, hardest first."""

    question: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    held_out: bool


def main() -> None:
    """Prepare lessons, train, report, export."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=TARGET, help="folder for reader.onnx and reader.json")
    arguments = parser.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    every = lessons(Settings())
    train = [lesson for lesson in every if not lesson.held_out]
    held_out = [lesson for lesson in every if lesson.held_out]
    reader = Reader().to("cuda" if torch.cuda.is_available() else "cpu")
    console.print(
        f"{len(train)} lessons; right sentence first on {len(held_out)} held out: {first(reader, held_out):.3f}"
    )
    steps = ROUNDS * (len(train) // QUESTIONS_PER_STEP)
    optimiser, schedule = _optimiser(reader, steps)
    for number in range(ROUNDS):
        random.shuffle(train)
        for batch in track(list(_batches(train)), f"Round {number + 1} of {ROUNDS}", console=console):
            loss = _loss(reader, batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            schedule.step()
        console.print(f"round {number + 1}: loss {loss.item():.3f}, held out {first(reader, held_out):.3f}")
    reader.eval()
    pairs = train_pairs(reader, pair_lessons(Settings(), console), console)
    export_networks(reader.to("cpu"), pairs.to("cpu"), arguments.out)


def lessons(settings: Settings) -> list[Lesson]:
    """Every answerable training question whose answer retrieval finds."""
    found = []
    with Store.open(settings) as store:
        view, retriever = store.view(), Retriever(load_embedder(settings), settings)
        questions = [item for item in training_questions() if item.gold]
        for item in track(questions, "Preparing lessons", console=console):
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
