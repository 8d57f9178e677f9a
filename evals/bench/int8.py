"""What the int8 setting of the embedding model costs: other passages among the first ten. Run by worker.py."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from evals.bench.materials import QUESTIONS
from evals.bench.process import Record
from ingest.chunk import embedding_text
from rag.config import Settings
from rag.models import Embedder, load_embedder
from rag.store import Store

DEPTH = 10


def loss(store: str, questions: int) -> Record:
    """Vector search alone in fp32 and in int8, over all passages and so many training questions with gold sentences.

    `overlap` is the mean share of the first ten passages that both find; `ndcg` and `ndcg_int8` are the mean nDCG@10,
    a passage being right where a gold sentence stands in it; `cosine` is the mean between the two vectors of a passage.
    """
    settings = Settings(store=Path(store))
    with Store.open(settings) as held:
        pairs = [(source, passage) for source in held.sources() for passage in held.source_passages(source.id)]
    texts = [embedding_text(source, passage) for source, passage in pairs]
    asked, right = _asked([(passage.source_id, passage.text) for _, passage in pairs], questions)
    found: list[np.ndarray] = []
    vectors: list[np.ndarray] = []
    for int8 in (False, True):
        embedder = load_embedder(settings.model_copy(update={"embed_int8": int8}))
        vectors.append(embedder.embed_passages(texts))
        found.append(_first(embedder, vectors[-1], asked))
    plain, coarse = found
    shared = [len(set(one) & set(other)) / DEPTH for one, other in zip(plain, coarse, strict=True)]
    return {
        "n": len(asked),
        "passages": len(texts),
        "cosine": float((vectors[0] * vectors[1]).sum(axis=1).mean()),
        "overlap": float(np.mean(shared)),
        "ndcg": float(np.mean([ndcg(row, gold) for row, gold in zip(plain, right, strict=True)])),
        "ndcg_int8": float(np.mean([ndcg(row, gold) for row, gold in zip(coarse, right, strict=True)])),
    }


def ndcg(ranking: Sequence[int], right: frozenset[int]) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002) of the first ten, gains being 0 or 1."""
    gained = sum(1 / math.log2(rank + 2) for rank, item in enumerate(ranking[:DEPTH]) if item in right)
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(DEPTH, len(right))))
    return gained / ideal if ideal else 0.0


def _first(embedder: Embedder, vectors: np.ndarray, asked: Sequence[str]) -> np.ndarray:
    """Rows of the passages nearest to each question, shape (questions, 10), best first."""
    return np.argsort(-(embedder.embed_queries(asked) @ vectors.T), axis=1, kind="stable")[:, :DEPTH]


def _asked(passages: Sequence[tuple[str, str]], count: int) -> tuple[list[str], list[frozenset[int]]]:
    """Questions spread over the file, each with the passages that hold one of its gold sentences."""
    by_source: dict[str, list[int]] = {}
    for number, (source_id, _) in enumerate(passages):
        by_source.setdefault(source_id, []).append(number)
    asked, right = [], []
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        rows = frozenset(
            number
            for gold in record["gold"]
            for number in by_source.get(gold["source_id"], [])
            if gold["quote"] in passages[number][1]
        )
        if rows:
            asked.append(record["question"])
            right.append(rows)
    step = max(1, len(asked) // count) if asked else 1
    return asked[::step][:count], right[::step][:count]
