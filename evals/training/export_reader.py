"""Writes a trained reader into the package as int8 ONNX, after checking that it still ranks as the original does."""

import hashlib
import json
import tempfile
from pathlib import Path

import torch

from evals.training.network import QUESTION_TOKENS, SENTENCE_TOKENS, Reader
from rag.models.quantise import quantise

OPSET = 17


class _Graph(torch.nn.Module):
    """What the exporter sees: tensors in, tensors out."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        encoded = self.reader.encode_ids(input_ids, attention_mask, torch.ones_like(attention_mask).float())
        return encoded.mean, encoded.pieces, encoded.importance


def export_reader(reader: Reader, folder: Path) -> None:
    """Write reader.onnx (int8) and reader.json (input lengths, scales, SHA-256) into `folder`."""
    reader.eval()
    reader.encoder.set_attn_implementation("eager")
    batch = reader.tokenizer(
        ["Who funds this?", "The fund does, and has since 2023."], padding=True, return_tensors="pt"
    )
    inputs, outputs = ["input_ids", "attention_mask"], ["mean", "pieces", "importance"]
    axes = {name: {0: "batch", 1: "length"} for name in [*inputs, "pieces", "importance"]} | {"mean": {0: "batch"}}
    target = folder / "reader.onnx"
    with tempfile.TemporaryDirectory() as work, torch.no_grad():
        raw = Path(work) / "raw.onnx"
        torch.onnx.export(
            _Graph(reader),
            (batch["input_ids"], batch["attention_mask"]),
            str(raw),
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        quantise(raw, target)
    record = {
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "question_tokens": QUESTION_TOKENS,
        "sentence_tokens": SENTENCE_TOKENS,
        "scales": [round(value, 4) for value in reader.scale.tolist()],
    }
    (folder / "reader.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
