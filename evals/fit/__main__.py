"""`make fit`: fits rag/fitted.json and prints what the fit reaches on questions it did not see."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from evals.fit.examples import Example, collect
from evals.fit.golden import golden_train
from evals.fit.intents import fit_scope
from evals.fit.models import Fit, Models, fit_models
from evals.fit.questions import intent_questions, training_questions
from rag.answerable import ANSWERABLE_FEATURES, COLUMNS
from rag.config import Settings
from rag.features import FEATURES
from rag.fitted import LinearModel
from rag.intent import Intent
from rag.models import load_embedder
from rag.models.sentence_reader import SentenceReader
from rag.retrieve import Retriever
from rag.store import Store

TARGET = Path(__file__).parents[2] / "rag" / "fitted.json"

INTENTS = TARGET.with_name("intents.json")

FALSE_REFUSALS_MAX = 0.05
"""Share of answerable questions that the floor may cost, on the questions it is set on."""

FURTHER = 4.5
"""How far below the best sentence's score a further one may lie (natural log of the ratio of their odds).

On held-out questions and the golden train split 3.5, 4.5 and 6.0 answer 88.8, 90.0 and 90.6 % (n 331) and 90.7, 94.4
and 94.4 % (n 54) rightly where none is refused, with 2.0, 2.3 and 2.7 sentences an answer.
"""

console = Console(stderr=True)


def main() -> None:
    """Collect, fit, report, write."""
    settings = Settings()
    unlike = [item.unanswerable() for item in intent_questions() if item.intent is not Intent.IN_SCOPE]
    with Store.open(settings) as store:
        view = store.view()
        questions = (*training_questions(), *golden_train(view), *(item for item in unlike if item.split == "train"))
        embedder = load_embedder(settings)
        network = SentenceReader(settings.embed_threads)
        stream = collect(questions, Retriever(embedder, settings), network, view)
        examples = list(track(stream, "Reading training questions", total=len(questions), console=console))
        build = view.build_id
    intents = fit_scope(embedder)
    INTENTS.write_text(json.dumps(intents) + "\n", encoding="utf-8")
    note = fit(examples, network, settings.read_sentences, build)
    json.dump({**note, "intents": intents["note"]}, sys.stdout, indent=1)
    console.print(f"\nWrote {TARGET} and {INTENTS}")


def fit(examples: Sequence[Example], network: SentenceReader, depth: int, build: str) -> dict[str, object]:
    """Fit on the examples and write TARGET; returns its note, which says what was done and what it reached."""
    unlike = [example for example in examples if example.item.style == "intent"]
    asked = [example for example in examples if example.item.style != "intent" and example.item.kind != "decline"]
    train = [example for example in asked if example.item.split == "train"]
    held_out = [example for example in asked if example.item.split == "held_out"]
    fitted = fit_models(train, held_out, unlike, network, depth)
    answerable = np.array([example.answerable for example in held_out])
    floor = round(float(np.quantile(fitted.confidence[answerable], FALSE_REFUSALS_MAX)), 4)
    note: dict[str, object] = {
        "command": "make fit",
        "index_build": build,
        "ranking_fitted_on": f"train split of evals/training/questions.jsonl, n = {len(train)}",
        "probability_and_floor_fitted_on": f"its held_out split and the golden train split, n = {len(held_out)}, "
        f"with {len(unlike)} questions about something else",
        "figures_on_held_out": _figures(fitted, held_out, floor),
    }
    TARGET.write_text(json.dumps(_record(fitted.models, floor, note), indent=1) + "\n", encoding="utf-8")
    return note


def _figures(fitted: Fit, examples: Sequence[Example], floor: float) -> dict[str, float | int]:
    """Of the ranking as it is; of the probability by cross-validation."""
    answerable = np.array([example.answerable for example in examples])
    ranked = [fitted.models.ranked(example) for example in examples if example.answerable]
    confident, other = fitted.confidence[answerable], fitted.confidence[~answerable]
    return {
        "answerable": len(confident),
        "unanswerable": len(other),
        "right_sentence_first": round(float(np.mean([right[0] for right in ranked])), 4),
        "right_sentence_among_five": round(float(np.mean([right[:5].any() for right in ranked])), 4),
        "false_refusals": round(float(np.mean(confident < floor)), 4),
        "refusal_recall": round(float(np.mean(other < floor)), 4),
        "area_under_roc": round(float(np.mean(confident[:, None] > other[None, :])), 4),
    }


def _record(models: Models, floor: float, note: dict[str, object]) -> dict[str, object]:
    return {
        "note": note,
        "floor": floor,
        "further": FURTHER,
        "preselect": _columns(models.preselect, FEATURES),
        "reader": _columns(models.ranking, COLUMNS),
        "answerable": _columns(models.answerable, ANSWERABLE_FEATURES),
    }


def _columns(model: LinearModel, names: tuple[str, ...]) -> dict[str, object]:
    """By feature: mean and scale that standardise it, and its weight."""
    rows = zip(names, model.mean, model.scale, model.weights, strict=True)
    columns = {name: [round(float(value), 6) for value in values] for name, *values in rows}
    return {"bias": round(model.bias, 6), "columns": columns}


if __name__ == "__main__":
    main()
