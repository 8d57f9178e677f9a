"""Opening an ONNX model the way all of ours are served."""

from pathlib import Path

import onnxruntime


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """A session on the processor that works on one input with `threads` threads; safe to run from several threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that wait by spinning take the processor from whoever shares it: other questions, other programs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # An arena grows to its largest batch and keeps it; a server wants that memory back.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
