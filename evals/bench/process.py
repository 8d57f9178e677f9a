"""A process of its own for every measurement, and what it reports back."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from evals.errors import EvalError

TIMEOUT_S = 1800.0
QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "true",
    "LANGSMITH_TRACING": "false",
}
"""What keeps either side from calling out."""


class BenchError(EvalError):
    """A measurement could not be made."""


Record = dict[str, Any]


def measure(task: str, side: str, arguments: Mapping[str, object]) -> Record:
    """What the task reports for a side, with `elapsed_s`, its seconds from the start of the process to its answer.

    Raises BenchError when the process fails.
    """
    command = [sys.executable, "-m", "evals.bench.worker", task, side, json.dumps(dict(arguments))]
    begun = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        command, capture_output=True, text=True, check=False, timeout=TIMEOUT_S, env={**os.environ, **QUIET}
    )
    if done.returncode != 0 or not done.stdout.strip():
        tail = "\n".join(done.stderr.strip().splitlines()[-8:])
        raise BenchError(f"{task} of {side} failed with status {done.returncode}:\n{tail}", "Run: make setup")
    record: Record = json.loads(done.stdout.strip().splitlines()[-1])
    # The monotonic clock is the machine's, so that the other process's reading can be compared with ours.
    return {**record, "elapsed_s": record["moment"] - begun}
