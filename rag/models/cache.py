"""Finds or makes the ONNX export of the embedding model that the settings name."""

import hashlib
import json
import logging
import shutil
import tempfile
from pathlib import Path

from rag.config import Settings
from rag.errors import ModelUnavailable
from rag.models import models_folder
from rag.models.bundled import BUNDLED_NAME, BUNDLED_SHA256, bundled_folder, check_weights

log = logging.getLogger(__name__)

EXPORT_VERSION = 1
"""Raise it when the export changes, so that old ones are made again."""


def cached_export(settings: Settings) -> Path | None:
    """Folder with model.onnx, tokenizer.json and model.json; None where the model cannot be exported faithfully."""
    folder = models_folder(settings) / _key(settings)
    if (folder / "unexportable.json").exists():
        return None
    if not (folder / "model.json").exists():
        _export_into(folder, settings)
    return None if (folder / "unexportable.json").exists() else folder


def _key(settings: Settings) -> str:
    """A folder name that changes with the model, the way it is served and the version of the export."""
    model = BUNDLED_SHA256 if settings.embed_model == BUNDLED_NAME else settings.embed_model
    parts = json.dumps([EXPORT_VERSION, model, settings.embed_int8])
    name = Path(settings.embed_model).name
    return f"{name}-{hashlib.sha256(parts.encode()).hexdigest()[:12]}"


def _export_into(folder: Path, settings: Settings) -> None:
    """Export beside the place and move it there whole, so that a kill leaves no half of a model."""
    if settings.embed_model == BUNDLED_NAME:
        weights = bundled_folder()
        check_weights(weights)
        source = str(weights)
    else:
        source = settings.embed_model
    # PyTorch takes seconds to import: only the first run of a model pays for it.
    from rag.models.export import Unexportable, export

    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="export-", dir=folder.parent))
    try:
        try:
            export(source, work, int8=settings.embed_int8)
        except Unexportable as reason:
            log.warning("%s is served by sentence-transformers itself: %s", settings.embed_model, reason)
            (work / "unexportable.json").write_text(json.dumps({"reason": str(reason)}), encoding="utf-8")
        _publish(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _publish(work: Path, folder: Path) -> None:
    try:
        work.replace(folder)
    except OSError as error:
        # Another process may have exported the same model meanwhile: theirs is as good.
        if not (folder / "model.json").exists() and not (folder / "unexportable.json").exists():
            raise ModelUnavailable(f"Could not write the exported model to {folder}: {error}") from error
