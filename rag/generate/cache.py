"""Answers that a chat model gave, kept for when the same is asked again. Bounded; in memory; safe for threads."""

import hashlib
from collections import OrderedDict
from threading import Lock

from rag.config import Settings
from rag.generate.prompt import prompt_digest
from rag.types import Answer
from rag.words import fold

Key = tuple[str, str, str, str]
"""Normalised question, index build, digest of settings and prompts, model."""

_WHERE_NOT_WHAT = {"store", "corpus", "host", "port", "concurrency", "log_unanswered", "llm_api_key"}


def settings_digest(settings: Settings) -> str:
    """Twelve hex digits over every setting that can shape an answer, and the prompts."""
    record = settings.model_dump_json(exclude=_WHERE_NOT_WHAT)
    return hashlib.sha256(f"{record}\x1f{prompt_digest()}".encode()).hexdigest()[:12]


class AnswerCache:
    """The answers used last, at most `size` of them; size 0 keeps none."""

    def __init__(self, settings: Settings, model: str, size: int) -> None:
        self._digest = settings_digest(settings)
        self._model = model
        self._size = size
        self._held: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """How many are held."""
        return len(self._held)

    def get(self, question: str, index_build: str) -> Answer | None:
        """The answer given to this question from this build, if it is held."""
        with self._lock:
            key = self._key(question, index_build)
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, question: str, index_build: str, answer: Answer) -> None:
        """Keep an answer; the one that was not used for longest makes room."""
        with self._lock:
            self._held[self._key(question, index_build)] = answer
            while len(self._held) > self._size:
                self._held.popitem(last=False)

    def _key(self, question: str, index_build: str) -> Key:
        return fold(question).rstrip(" ?.!"), index_build, self._digest, self._model
