"""A chat model's reply as it streams: text, and how many tokens it took, whichever provider it comes from."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.models.chat import ChatModel
from rag.tokens import count_tokens

if TYPE_CHECKING:
    from rag.generate.prompt import Prompt

_CHARACTERS_PER_TOKEN = 12
"""More than any language has on average: what is longer than this allows did not stop where it was told to."""
_ENDED = ("finish_reason", "stop_reason", "done_reason")
_CUT_OFF = frozenset({"length", "max_tokens", "content_filter"})


class Reply:
    """Iterate over `text()`; the figures are known afterwards."""

    def __init__(self, model: ChatModel, prompt: "Prompt") -> None:
        self._model = model
        self._prompt = prompt
        self._characters_max = prompt.answer_tokens * _CHARACTERS_PER_TOKEN
        self._characters = 0
        self._said: list[str] = []
        self._counted: tuple[int, int] | None = None
        self.finished = False
        """Whether the model said that it was done: not cut off by a bound, a filter or a lost connection."""

    def text(self) -> Iterator[str]:
        """The text in pieces; ends early where it runs past every bound. Raises ChatFailed."""
        for chunk in self._model.stream(self._prompt.messages, self._prompt.answer_tokens, self._prompt.grammar):
            usage = chunk.usage_metadata
            if usage:
                self._counted = usage["input_tokens"], usage["output_tokens"]
            ended = next(
                (str(chunk.response_metadata[name]) for name in _ENDED if chunk.response_metadata.get(name)), ""
            )
            self.finished = self.finished or bool(ended and ended not in _CUT_OFF)
            piece = str(chunk.text)
            if piece:
                self._said.append(piece)
                self._characters += len(piece)
                yield piece
            if self._characters > self._characters_max:
                self.finished = False
                return

    @property
    def said(self) -> str:
        """All text so far."""
        return "".join(self._said)

    @property
    def tokens(self) -> tuple[int, int]:
        """Prompt and completion tokens as the provider counted them, else as tiktoken does."""
        if self._counted is not None:
            return self._counted
        return sum(count_tokens(text) for _, text in self._prompt.messages), count_tokens(self.said)
