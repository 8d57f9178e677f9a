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

from evals.statistics import CONFIDENCE, RESAMPLES, SEED
from rag.config import Settings

ROOT = Path(__file__).parent.parent
PACKAGES = (
    "chromadb", "ir-measures", "langchain-core", "numpy", "onnxruntime", "pydantic", "scipy", "tiktoken", "tokenizers",
    "torch", "wmai",
)  # fmt: skip
WHERE_NOT_WHAT = frozenset({"store", "corpus", "host", "port"})
"""Settings that say where things stand; they do not change an answer."""


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
    """Settings that shape an answer, as JSON values; secrets are masked by their type."""
    table = json.loads(settings.model_dump_json())
    return {name: value for name, value in sorted(table.items()) if name not in WHERE_NOT_WHAT}


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
        "packages": {package: _version(package) for package in PACKAGES},
        "machine": machine(),
        "statistics": {"seed": SEED, "resamples": RESAMPLES, "confidence": CONFIDENCE},
    }
