"""Writes the trained networks into the package as int8 ONNX; the pair network's file holds its upper layers alone."""

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from evals.training.network import PAIR_TOKENS, QUESTION_TOKENS, SENTENCE_TOKENS, PairNetwork, Reader
from rag.models.pair_reader import LOWER
from rag.models.quantise import quantise

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
    reader.eval()
    pairs.eval()
    reader.encoder.set_attn_implementation("eager")
    batch = reader.tokenizer(
        ["Who funds this?", "The fund does, and has since 2023."], padding=True, return_tensors="pt"
    )
    ids, mask = batch["input_ids"], batch["attention_mask"]
    with torch.no_grad():
        lower = reader.lower(ids, mask)
    by_length = dict.fromkeys(["input_ids", "attention_mask", "pieces", "importance", LOWER], _BY_LENGTH)
    files = {
        "reader.onnx": _export(
            _Graph(reader),
            {"input_ids": ids, "attention_mask": mask},
            ["mean", "pieces", "importance", LOWER],
            {**by_length, "mean": {0: "batch"}},
            folder / "reader.onnx",
        ),
        "pairs.onnx": _export(
            pairs,
            {LOWER: lower, "attention_mask": mask},
            ["logit"],
            {LOWER: _BY_LENGTH, "attention_mask": _BY_LENGTH, "logit": {0: "batch"}},
            folder / "pairs.onnx",
        ),
    }
    record = {
        "sha256": files,
        "question_tokens": QUESTION_TOKENS,
        "sentence_tokens": SENTENCE_TOKENS,
        "pair_tokens": PAIR_TOKENS,
        "scales": [round(value, 4) for value in reader.scale.tolist()],
    }
    (folder / "reader.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


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
