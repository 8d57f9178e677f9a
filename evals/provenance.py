"""What a run was made with, so that a figure can be had again and two runs are known to be alike."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import SecretStr

from evals.statistics import CONFIDENCE, RESAMPLES, SEED
from rag.config import Settings

ROOT = Path(__file__).parent.parent
PACKAGES = (
    "chromadb", "ir-measures", "langchain-core", "matplotlib", "numpy", "onnxruntime", "pydantic", "scipy",
    "snowballstemmer", "tiktoken", "tokenizers", "torch", "wmai",
)  # fmt: skip
WHERE_NOT_WHAT = frozenset(
    {
        "store", "corpus", "host", "port", "concurrency", "request_bytes_max", "request_timeout_s", "lock_timeout_s",
        "log_unanswered", "embed_origins", "embed_enabled", "llm_base_url",
    }
)  # fmt: skip
"""Settings that say where things stand and who may come in: they do not change an answer. Addresses can hold keys."""
WHERE_PREFIXES = ("fetch_", "staff_", "rate_", "stream_")
FILES = {
    "reader": "rag/models/weights/reader.onnx",
    "pairs": "rag/models/weights/pairs.onnx",
    "fitted": "rag/fitted.json",
    "intents": "rag/intents.json",
}
"""What the guide was trained and fitted to, by name; the embedding model's hash is the index's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """The state of the checkout; empty outside of one."""

    id: str
    dirty: bool
    changes: str
    """Twelve hex digits of the uncommitted changes; empty where there are none."""


def _git(*arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run([git, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout if done.returncode == 0 else ""


def commit() -> Commit:
    """The commit that runs, whether code was changed since, and a digest of what was changed."""
    changes = _git("diff", "HEAD", "--", "rag", "ingest", "evals", "pyproject.toml")
    digest = hashlib.sha256(changes.encode()).hexdigest()[:12] if changes else ""
    return Commit(id=_git("rev-parse", "HEAD").strip(), dirty=bool(changes), changes=digest)


def settings_table(settings: Settings) -> dict[str, object]:
    """Settings that can shape an answer, as JSON values; no secret among them."""
    secret = {name for name in type(settings).model_fields if isinstance(getattr(settings, name), SecretStr)}
    table = json.loads(settings.model_dump_json(exclude=secret | WHERE_NOT_WHAT))
    return {name: value for name, value in sorted(table.items()) if not name.startswith(WHERE_PREFIXES)}


def model_hashes() -> dict[str, str]:
    """SHA-256 of each of FILES; empty for one that is not there."""
    paths = {name: ROOT / path for name, path in FILES.items()}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for name, path in paths.items()
    }


def digest_of(value: object) -> str:
    """Twelve hex digits of a JSON value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:12]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def machine() -> dict[str, object]:
    """The machine's kind, without its name."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
    }


def provenance(settings: Settings, index: Mapping[str, object], systems: Sequence[str]) -> dict[str, object]:
    """Everything a run is stamped with but for its suite and its times; `index` is what the store says of itself."""
    at = commit()
    table = settings_table(settings)
    return {
        "commit": at.id,
        "dirty": at.dirty,
        "changes": at.changes,
        "systems": list(systems),
        "settings": table,
        "settings_digest": digest_of(table),
        "index": dict(index),
        "models": model_hashes(),
        "packages": {package: _version(package) for package in PACKAGES},
        "machine": machine(),
        "statistics": {"seed": SEED, "resamples": RESAMPLES, "confidence": CONFIDENCE},
    }
