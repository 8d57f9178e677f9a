"""Exports a sentence-transformers model to ONNX and checks that it still gives the same vectors."""

import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelUnavailable
from rag.models.quantise import quantise

COSINE_MIN = 0.9999
"""Least cosine between the exported and the original vector of every probe."""

INT8_COSINE_MIN = 0.95
"""The same for the int8 export, which trades some of it for speed."""

OPSET = 17

PROBES = (
    "Who funds seed rounds in Coventry?",
    "Birmingham",
    "The fund writes cheques of up to £1m, matched by private money on at least a £1 to £1 basis.",
    "ویسٹ مڈلینڈز انویسٹمنٹ زون 🤖 naïve café",
    "The first building of the Birmingham Health Innovation Campus has 133,000 sq ft of space. " * 12,
)
"""Short, long, figures, other scripts: where padding, truncation or a fused kernel would show."""


class Unexportable(Exception):
    """The model has parts that the export does not cover."""


def export(source: str, folder: Path, *, int8: bool) -> None:
    """Write model.onnx, tokenizer.json and model.json for the sentence-transformers model at `source`.

    Raises ModelUnavailable when the model does not load, Unexportable when ONNX would not give its vectors.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(
            source, device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
        )
    except (OSError, ValueError) as error:
        message = f"The embedding model {source!r} could not be loaded: {error}"
        raise ModelUnavailable(message, "Set WMAI_EMBED_MODEL to all-MiniLM-L6-v2 or to a model's folder.") from error
    facts = _facts(model)
    _write_graph(model, folder, int8=int8)
    model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "model.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    compare(model, folder, INT8_COSINE_MIN if int8 else COSINE_MIN)


def weights_sha256(model: Any) -> str:  # noqa: ANN401
    """Hex digest over the names and values of all parameters, whatever file they came from."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().numpy().tobytes())
    return digest.hexdigest()


def prefixes(model: Any) -> dict[str, str]:  # noqa: ANN401
    """What the model wants before questions and passages; sentence-transformers knows the latter by three names."""
    named = [model.prompts.get(name) for name in ("document", "passage", "corpus")]
    return {"query_prefix": model.prompts.get("query") or "", "passage_prefix": next(filter(None, named), "")}


def _facts(model: Any) -> dict[str, Any]:  # noqa: ANN401 - the library's own class is only loaded here
    """What serving needs to know of the model besides its graph."""
    kinds = [type(module).__name__ for module in model]
    if kinds[:2] != ["Transformer", "Pooling"] or set(kinds[2:]) - {"Normalize"}:
        raise Unexportable(f"its modules are {kinds}, wanted Transformer, Pooling and at most Normalize")
    pooling = model[1].pooling_mode if hasattr(model[1], "pooling_mode") else model[1].get_pooling_mode_str()
    if isinstance(pooling, tuple | list):
        pooling = "+".join(pooling)
    if pooling not in ("mean", "cls"):
        raise Unexportable(f"its pooling is {pooling!r}, wanted mean or cls")
    return {
        "dimension": int(model.get_embedding_dimension()),
        "max_tokens": int(model.max_seq_length),
        "pooling": pooling,
        **prefixes(model),
        "weights_sha256": weights_sha256(model),
    }


def _write_graph(model: Any, folder: Path, *, int8: bool) -> None:  # noqa: ANN401
    """model.onnx: input_ids, attention_mask (and token_type_ids) in, last_hidden_state out."""
    import torch
    from onnxruntime.transformers import optimizer

    class LastHiddenState(torch.nn.Module):
        """The transformer with its inputs by position, which is how the exporter passes them."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, *values: torch.Tensor) -> torch.Tensor:
            hidden: torch.Tensor = self.transformer(**dict(zip(names, values, strict=True))).last_hidden_state
            return hidden

    transformer = model[0].auto_model.eval()
    batch = dict(model.tokenizer(list(PROBES[:3]), padding=True, return_tensors="pt"))
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in batch]
    raw = folder / "raw.onnx"
    # The tracer warns of shapes that it takes as fixed; whether it took them rightly is what compare finds out.
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            LastHiddenState(),
            tuple(batch[name] for name in names),
            str(raw),
            input_names=names,
            output_names=["last_hidden_state"],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in [*names, "last_hidden_state"]},
            opset_version=OPSET,
            dynamo=False,
        )
    if int8:
        quantise(raw, folder / "model.onnx")
    else:
        config = transformer.config
        fused = optimizer.optimize_model(
            str(raw), model_type="bert", num_heads=config.num_attention_heads, hidden_size=config.hidden_size
        )
        # Weights in a file of their own are mapped, not read: of the word embeddings, half of the model, only the rows
        # that are used come into memory.
        fused.save_model_to_file(str(folder / "model.onnx"), use_external_data_format=True)
    raw.unlink()


def compare(model: Any, folder: Path, cosine_min: float) -> None:  # noqa: ANN401
    """Raises Unexportable when a probe's vector has turned away from the original's."""
    from rag.models.onnx_embedder import OnnxSession

    wanted: NDArray[np.float32] = model.encode(list(PROBES), normalize_embeddings=True)
    found = OnnxSession(folder, threads=2, batch=2).embed(PROBES)
    cosine = float((wanted * found).sum(axis=1).min())
    if cosine < cosine_min:
        for name in ("model.onnx", "model.onnx.data", "model.json"):
            (folder / name).unlink(missing_ok=True)
        raise Unexportable(f"the export's vectors reach a cosine of {cosine:.5f}, wanted {cosine_min}")
