"""Teaches the shipped sentence reader the questions as they are now: python -m evals.training.refine_reader.

Half an hour on two cores. Only its upper three layers learn: the lower three are the pair reader's too, which goes on
fitting to them as it is. Wrong sentences are those that the shipped reader itself holds for the best. Run `make fit`
afterwards, and put the printed figures into README.md beside this file.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from rich.progress import track

from evals.fit.questions import NEWEST_HELP, TrainingQuestion, newest, training_questions
from evals.training.export_reader import carry_pairs, export_sentences
from evals.training.network import LOWER_LAYERS, Reader
from evals.training.shipped import shipped_reader
from evals.training.train_reader import Lesson, console, first, lessons, train_sentences
from rag.config import Settings
from rag.models.sentence_reader import WEIGHTS, SentenceReader

ROUNDS = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepare lessons, teach, report, export; `arguments` are those of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for reader.onnx, pairs.onnx and reader.json")
    parser.add_argument("--newest", type=int, help=NEWEST_HELP)
    asked = parser.parse_args(arguments)
    refine(Settings(), newest(training_questions(), asked.newest), asked.out)


def refine(settings: Settings, questions: Sequence[TrainingQuestion], out: Path, steps_max: int | None = None) -> None:
    """Teach the shipped sentence reader further on the store that the settings name and write both readers to `out`.

    `steps_max` bounds the steps.
    """
    random.seed(0)
    torch.manual_seed(0)
    network = SentenceReader(settings.embed_threads)
    every = [
        hardest_first(lesson, network) for lesson in track(lessons(settings, questions), "Sorting", console=console)
    ]
    learnt = [lesson for lesson in every if not lesson.held_out]
    held_out = [lesson for lesson in every if lesson.held_out]
    reader = shipped_reader(WEIGHTS)
    console.print(f"{len(learnt)} lessons; before, first on {len(held_out)} held out: {first(reader, held_out):.3f}")
    _hold_lower_layers(reader)
    train_sentences(reader, learnt, held_out, steps_max, ROUNDS)
    out.mkdir(parents=True, exist_ok=True)
    export_sentences(reader, out)
    carry_pairs(WEIGHTS, out)
    console.print(f"Written: {out}")


def hardest_first(lesson: Lesson, network: SentenceReader) -> Lesson:
    """The same lesson with its wrong sentences in the order in which the network takes them for right."""
    scores = network.evidence(lesson.question, lesson.wrong)[:, -1]
    return replace(lesson, wrong=tuple(lesson.wrong[index] for index in np.argsort(-scores, kind="stable")))


def _hold_lower_layers(reader: Reader) -> None:
    for layer in reader.encoder.encoder.layer[:LOWER_LAYERS]:
        for parameter in layer.parameters():
            parameter.requires_grad = False


if __name__ == "__main__":
    main()
