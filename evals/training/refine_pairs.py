"""Teaches the shipped pair reader the questions as they are now: python -m evals.training.refine_pairs.

Half an hour on one core, and as much again with public question sets, which are taught first. The sentence reader,
whose lower layers the pair reader stands on, stays as it is; run `make fit` afterwards, and put the printed figures
into README.md beside this file.
"""

import argparse
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch

from evals.adapters import open_suite
from evals.fit.questions import NEWEST_HELP, TrainingQuestion, newest, training_questions
from evals.training.export_reader import export_pairs
from evals.training.general_lessons import general_lessons
from evals.training.pair_lessons import PairLesson, pair_lessons
from evals.training.shipped import ShippedLower, shipped_pairs
from evals.training.train_pairs import FURTHER, GENERAL, area_under_roc, train_pairs
from evals.training.train_reader import console
from rag.config import Settings
from rag.models.sentence_reader import READER_FILE, RECORD_FILE, WEIGHTS


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepare lessons, teach, report, export; `arguments` are those of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for pairs.onnx and reader.json")
    parser.add_argument("--general", action="append", default=[], help="a SQuAD file to teach first; may be repeated")
    parser.add_argument("--measured", action="append", default=[], help="a set whose texts are not to be taught")
    parser.add_argument("--newest", type=int, help=NEWEST_HELP)
    asked = parser.parse_args(arguments)
    measured = frozenset(document.text for name in asked.measured for document in open_suite(name).documents)
    general = general_lessons(map(open_suite, asked.general), measured)
    refine(Settings(), newest(training_questions(), asked.newest), asked.out, general)


def refine(
    settings: Settings,
    questions: Sequence[TrainingQuestion],
    out: Path,
    general: Sequence[PairLesson] = (),
    steps_max: int | None = None,
) -> None:
    """Teach the shipped pair network further on the store that the settings name and write it into `out`.

    `general` lessons come before those of the questions; `steps_max` bounds the steps of either.
    """
    random.seed(0)
    torch.manual_seed(0)
    lessons = pair_lessons(settings, questions, console)
    reader, pairs = ShippedLower(WEIGHTS), shipped_pairs(WEIGHTS)
    held_out = [lesson for lesson in lessons if lesson.held_out]
    console.print(f"before, area under ROC on {len(held_out)} held out: {area_under_roc(reader, pairs, held_out):.3f}")
    if general:
        train_pairs(reader, pairs, general, GENERAL, console, steps_max)
        area = area_under_roc(reader, pairs, held_out)
        console.print(f"after the public questions, area under ROC on our own held out: {area:.3f}")
    train_pairs(reader, pairs, lessons, FURTHER, console, steps_max)
    out.mkdir(parents=True, exist_ok=True)
    if out.resolve() != WEIGHTS.resolve():
        for name in (READER_FILE, RECORD_FILE):
            shutil.copy(WEIGHTS / name, out / name)
    export_pairs(reader, pairs, out)
    console.print(f"Written: {out}")


if __name__ == "__main__":
    main()
