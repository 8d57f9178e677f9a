"""What an index was built from, and whether that fits the settings in force."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.config import Settings
from rag.errors import StaleIndex
from rag.store.schema import INDEX_COMMAND, SCHEMA_VERSION

MANIFEST = "manifest.json"


class Manifest(BaseModel):
    """Stands in library.db with the rows it describes, and as manifest.json for people and scripts to read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    build_id: str
    """Sixteen hex digits of the content: the same sources under the same settings have the same id."""
    schema_version: int
    index_digest: str
    """Settings.index_digest() of the run that wrote it."""
    embed_model: str
    """The setting of that name."""
    embedder_name: str
    embedder_revision: str
    """Hash of the model's weights."""
    embedder_dimension: int
    """Components of a vector."""
    chunk_tokens: int
    chunk_overlap_sentences: int
    sources: int
    passages: int
    sentences: int

    def check(self, settings: Settings) -> None:
        """Raise StaleIndex when the index was built by other settings than these."""
        pairs = (
            ("schema version", self.schema_version, SCHEMA_VERSION),
            ("WMAI_EMBED_MODEL", self.embed_model, settings.embed_model),
            ("WMAI_CHUNK_TOKENS", self.chunk_tokens, settings.chunk_tokens),
            ("WMAI_CHUNK_OVERLAP_SENTENCES", self.chunk_overlap_sentences, settings.chunk_overlap_sentences),
            ("settings digest", self.index_digest, settings.index_digest()),
        )
        for name, held, wanted in pairs:
            if held != wanted:
                raise StaleIndex(
                    f"The index in {settings.store} was built with {name} {held}; the settings want {wanted}.",
                    INDEX_COMMAND,
                )

    def check_embedder(self, revision: str, dimension: int) -> None:
        """Raise StaleIndex when the index was built with other weights than those of the model loaded.

        The setting can stay the same while the files of a model change; only who has loaded the model can tell.
        """
        if (self.embedder_revision, self.embedder_dimension) != (revision, dimension):
            raise StaleIndex(
                f"The index was built with revision {self.embedder_revision} of {self.embedder_name}"
                f" ({self.embedder_dimension} dimensions); the model loaded is {revision} ({dimension}).",
                "Run: wmai index --rebuild",
            )

    def write(self, folder: Path) -> None:
        """Put manifest.json in place in one step, so that a reader sees the old one or the new one."""
        # A name of its own: a reader that restores the manifest may write at the same moment.
        path = folder / f"{MANIFEST}.{uuid.uuid4().hex}.tmp"
        with path.open("x", encoding="utf-8") as file:
            file.write(self.model_dump_json(indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        path.replace(folder / MANIFEST)

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """The manifest in the folder; None when there is none. Raises StaleIndex when it is not a manifest of ours."""
        path = folder / MANIFEST
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise StaleIndex(f"{path} is not a manifest that this version of wmai reads.", INDEX_COMMAND) from error


def build_id(sources: Iterable[tuple[str, str]], index_digest: str, embedder_revision: str) -> str:
    """Sixteen hex digits over (source id, source sha256) in any order, the settings and the model's weights."""
    digest = hashlib.sha256()
    for part in (str(SCHEMA_VERSION), index_digest, embedder_revision):
        digest.update(part.encode() + b"\x1f")
    for source_id, sha256 in sorted(sources):
        digest.update(f"{source_id}\x1f{sha256}\x1e".encode())
    return digest.hexdigest()[:16]
