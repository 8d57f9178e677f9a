"""Seals on answers that a browser keeps: whoever sends one back can show that this guide made it, and has not since
been changed.
"""

import hmac
import json
import os
import secrets
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from rag.types import Answer

KEY_FILE = "seal.key"
"""Beside the index, readable by its owner alone; when it is removed, older seals no longer hold."""
_KEY_BYTES = 32


class Sealer:
    """Signs answers with HMAC-SHA256 (RFC 2104) under one key a store, which every server on the store shares."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the store's; where there is none yet, the key lasts as long as the process."""
        self._key = _kept_key(folder / KEY_FILE) if folder.is_dir() else secrets.token_bytes(_KEY_BYTES)
        self._adapter = TypeAdapter(Answer)

    def seal(self, answer: Answer) -> str:
        """64 hexadecimal digits."""
        text = json.dumps(self._adapter.dump_python(answer, mode="json"), sort_keys=True, separators=(",", ":"))
        return hmac.new(self._key, text.encode(), sha256).hexdigest()

    def holds(self, answer: Answer, seal: str) -> bool:
        """Whether the seal is this answer's."""
        return hmac.compare_digest(self.seal(answer).encode(), seal.encode())


def _kept_key(path: Path) -> bytes:
    """The key in the file, made where there is none; two processes that make one at once agree on the first."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(_KEY_BYTES))
    try:
        # Unlike a rename, a link never replaces what another process has just put there.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()
