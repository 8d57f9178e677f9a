"""The shipped networks as training wants them: the lower layers to read with, the pair network to go on teaching."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from transformers import AutoTokenizer

from evals.training.network import PairNetwork, Reader
from rag.models.bundled import bundled_folder
from rag.models.pair_reader import LOWER
from rag.models.sentence_reader import PAIRS_FILE, READER_FILE, RECORD_FILE
from rag.models.session import open_session

_QUANTISED, _SCALE, _ZERO_POINT = "_quantized", "_scale", "_zero_point"


class ShippedLower:
    """What both shipped readers share, in int8 as the guide runs it: texts in, states out, nothing to learn."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(bundled_folder())
        self.device = torch.device("cpu")
        # Threads of ONNX Runtime's that spin while they wait would take the processor from PyTorch's.
        self._session = open_session(folder / READER_FILE, torch.get_num_threads())
        self._shared_only = onnxruntime.RunOptions()
        self._shared_only.only_execute_path_to_fetches = True

    def lower(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """The state after the shared layers, shape (n, t, d)."""
        inputs = {"input_ids": input_ids.numpy(), "attention_mask": attention_mask.numpy()}
        (states,) = self._session.run([LOWER], inputs, self._shared_only)
        return torch.from_numpy(states)


def shipped_reader(folder: Path) -> Reader:
    """The sentence reader of reader.onnx in full precision. Raises KeyError when the file holds other layers."""
    reader = Reader()
    held = _held(folder / READER_FILE)
    record = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
    held["scale"] = np.array(record["scales"], dtype=np.float32)
    unused = {name: value for name, value in reader.state_dict().items() if name.startswith("encoder.pooler.")}
    _load(reader, held | {name: value.numpy() for name, value in unused.items()})
    return reader


def shipped_pairs(folder: Path) -> PairNetwork:
    """The pair network of pairs.onnx in full precision. Raises KeyError when the file holds other layers."""
    network = PairNetwork(Reader())
    _load(network, _held(folder / PAIRS_FILE))
    return network


def _load(network: torch.nn.Module, held: Mapping[str, np.ndarray]) -> None:
    state = network.state_dict()
    network.load_state_dict({name: torch.tensor(held[name]).view_as(state[name]) for name in state})


def _held(file: Path) -> dict[str, np.ndarray]:
    """What an exported network has learnt, by the names that PyTorch gives it."""
    graph = onnx.load(str(file)).graph
    held = {tensor.name.removeprefix("reader."): numpy_helper.to_array(tensor) for tensor in graph.initializer}
    tables = {
        name.removesuffix(_QUANTISED): _whole(held, name.removesuffix(_QUANTISED))
        for name in held
        if name.endswith(f".weight{_QUANTISED}")
    }
    return held | tables | dict(_matrices(graph, held))


def _whole(held: Mapping[str, np.ndarray], base: str) -> np.ndarray:
    """An int8 table in full precision."""
    whole = held[base + _QUANTISED].astype(np.float32) - held[base + _ZERO_POINT].astype(np.float32)
    return np.asarray(whole * held[base + _SCALE])


def _matrices(graph: onnx.GraphProto, held: Mapping[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """The int8 weights with the names of the layers that they stand in, as PyTorch keeps them: rows are outputs."""
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            *path, _operation = node.name.strip("/").split("/")
            layer = path[-1] if path[0] == "head" else ".".join(path)
            yield f"{layer}.weight", np.ascontiguousarray(_whole(held, node.input[1].removesuffix(_QUANTISED)).T)
