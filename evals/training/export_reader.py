"""Writes the trained networks into the package as int8 ONNX; the pair network's file holds its upper layers alone."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import BatchEncoding

from evals.training.network import PAIR_TOKENS, QUESTION_TOKENS, SENTENCE_TOKENS, Lower, PairNetwork, Reader
from rag.models.bundled import file_sha256
from rag.models.pair_reader import LOWER
from rag.models.quantise import quantise
from rag.models.sentence_reader import PAIRS_FILE, READER_FILE, RECORD_FILE

OPSET = 17
_BY_LENGTH = {0: "batch", 1: "length"}


class _Graph(torch.nn.Module):
    """What the exporter sees: tensors in, tensors out."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        encoded = self.reader.encode_ids(input_ids, attention_mask, torch.ones_like(attention_mask).float())
        return encoded.mean, encoded.pieces, encoded.importance, self.reader.lower(input_ids, attention_mask)


def export_networks(reader: Reader, pairs: PairNetwork, folder: Path) -> None:
    """Write reader.onnx and pairs.onnx (int8) and reader.json (input lengths, scales, SHA-256) into `folder`."""
    export_sentences(reader, folder)
    export_pairs(reader, pairs, folder)


def export_sentences(reader: Reader, folder: Path) -> None:
    """Write reader.onnx (int8) into `folder`, and reader.json anew, which knows no pairs.onnx yet."""
    reader.eval()
    reader.encoder.set_attn_implementation("eager")
    batch = _example(reader)
    by_length = dict.fromkeys(["input_ids", "attention_mask", "pieces", "importance", LOWER], _BY_LENGTH)
    sha256 = _export(
        _Graph(reader),
        {"input_ids": batch["input_ids"], "attention_mask": batch["attention_mask"]},
        ["mean", "pieces", "importance", LOWER],
        {**by_length, "mean": {0: "batch"}},
        folder / READER_FILE,
    )
    record = {
        "sha256": {READER_FILE: sha256},
        "question_tokens": QUESTION_TOKENS,
        "sentence_tokens": SENTENCE_TOKENS,
        "pair_tokens": PAIR_TOKENS,
        "scales": [round(value, 4) for value in reader.scale.tolist()],
    }
    _write_record(folder, record)


def carry_pairs(shipped: Path, folder: Path) -> None:
    """Put the pairs.onnx of `shipped` beside a reader.onnx whose shared layers are the same."""
    if folder.resolve() != shipped.resolve():
        shutil.copy(shipped / PAIRS_FILE, folder / PAIRS_FILE)
    _record_pairs(folder, file_sha256(folder / PAIRS_FILE))


def export_pairs(reader: Lower, pairs: PairNetwork, folder: Path) -> None:
    """Write pairs.onnx (int8) into a folder that has reader.json, and its SHA-256 into that."""
    pairs.eval()
    batch = _example(reader)
    with torch.no_grad():
        lower = reader.lower(batch["input_ids"], batch["attention_mask"])
    sha256 = _export(
        pairs,
        {LOWER: lower, "attention_mask": batch["attention_mask"]},
        ["logit"],
        {LOWER: _BY_LENGTH, "attention_mask": _BY_LENGTH, "logit": {0: "batch"}},
        folder / PAIRS_FILE,
    )
    _record_pairs(folder, sha256)


def _record_pairs(folder: Path, sha256: str) -> None:
    record = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
    record["sha256"][PAIRS_FILE] = sha256
    _write_record(folder, record)


def _example(reader: Lower) -> BatchEncoding:
    """Two texts for the exporter to follow through a network."""
    texts = ["Who funds this?", "The fund does, and has since 2023."]
    batch: BatchEncoding = reader.tokenizer(texts, padding=True, return_tensors="pt")
    return batch


def _write_record(folder: Path, record: Mapping[str, Any]) -> None:
    (folder / RECORD_FILE).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _export(
    network: torch.nn.Module,
    inputs: Mapping[str, torch.Tensor],
    outputs: Sequence[str],
    axes: Mapping[str, Mapping[int, str]],
    target: Path,
) -> str:
    """Write the network as int8 ONNX; the SHA-256 of the file."""
    with tempfile.TemporaryDirectory() as work, torch.no_grad():
        raw = Path(work) / "raw.onnx"
        torch.onnx.export(
            network,
            tuple(inputs.values()),
            str(raw),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=dict(axes),
            opset_version=OPSET,
            dynamo=False,
        )
        quantise(raw, target)
    return hashlib.sha256(target.read_bytes()).hexdigest()
