"""Citation markers in a stream: held back until they are whole, those that were made up taken out and counted."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

_OPEN = "[【"
_CLOSE = {"[": "]", "【": "】"}
_HELD_MAX = 80
"""Characters after an opening bracket at which it is taken for text: no list of markers is so long."""
_MARKER_LIKE = re.compile(
    r"[\s\[\]【】]*(?:[\w#:.-]*\d[\w#:.-]*|source|citation|id)(?:\s*[,;]\s*[\w#:.-]+)*[\s\[\]【】]*", re.IGNORECASE
)
_PART = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A whole marker that names a passage that was shown."""

    id: str


class MarkerStream:
    """Feed it the model's text in pieces of any size; what comes out never ends inside a marker."""

    def __init__(self, known: Set[str]) -> None:
        self._known = known
        self._held = ""
        self.invented = 0
        """Markers so far that name nothing that was shown."""

    def feed(self, text: str) -> Iterator[Words | Mark]:
        """What has become certain with this piece."""
        self._held += text
        while self._held:
            begin = min((at for at in map(self._held.find, _OPEN) if at >= 0), default=len(self._held))
            if begin:
                yield Words(self._held[:begin])
                self._held = self._held[begin:]
                continue
            end = self._closing()
            if end < 0:
                if len(self._held) <= _HELD_MAX:
                    return
                end = 1
            yield from self._bracket(self._held[:end])
            self._held = self._held[end:]

    def end(self) -> Iterator[Words | Mark]:
        """What was held when the stream ended; half a marker is dropped and counted as made up."""
        rest, self._held = self._held, ""
        if rest and (_MARKER_LIKE.fullmatch(rest) or len(rest) < 16):
            self.invented += 1
        elif rest:
            yield Words(rest)

    def _closing(self) -> int:
        """One past the bracket that closes the held one; -1 while it may still come."""
        depth, close = 0, _CLOSE[self._held[0]]
        for at, character in enumerate(self._held):
            depth += (character == self._held[0]) - (character == close)
            if depth == 0:
                # A second closing bracket may follow a second opening one; "[[a]" waits for it.
                return at + 1
        return -1

    def _bracket(self, text: str) -> Iterator[Words | Mark]:
        parts = _PART.findall(text)
        marks = [part.casefold() for part in parts if part.casefold() in self._known]
        if marks:
            self.invented += len(parts) - len(marks)
            yield from map(Mark, marks)
        elif _MARKER_LIKE.fullmatch(text):
            self.invented += max(1, len(parts))
        else:
            yield Words(text)
