"""Public test sets as suites: from a folder or a file in its own format to cases and the documents they are about."""

from pathlib import Path

from evals.adapters.beir import is_beir, load_beir
from evals.adapters.spans import is_span_set, load_spans
from evals.adapters.squad import load_squad
from evals.errors import SuiteError
from evals.suites import Suite, load_suite


def open_suite(name: str, split: str | None = None) -> Suite:
    """A suite by name, from a JSONL file of cases, or from a public set: a BEIR or span folder, a SQuAD file.

    `split` is train, test or all; for BEIR it names the judgements and is test by default. Raises SuiteError.
    """
    path = Path(name)
    if path.is_dir():
        if is_beir(path):
            return load_beir(path, split or "test")
        if is_span_set(path):
            return load_spans(path)
        message = f"{path} holds neither a BEIR set nor a span set (corpus.jsonl, queries.jsonl, qrels/)."
        raise SuiteError(message, "Name a suite (wmai eval list), a JSONL file of cases, or such a folder.")
    if path.suffix == ".json" and path.is_file():
        return load_squad(path)
    return load_suite(name, split)
