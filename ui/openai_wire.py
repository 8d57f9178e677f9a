"""The forms of OpenAI's chat completions: what comes in, and an answer with its citations going out. Pure."""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rag.errors import InvalidQuestion
from rag.tokens import count_tokens
from rag.types import Answer, Citation
from rag.wire import Json, answer_to_json
from ui.dates import date_text
from ui.escape import plain, safe_url
from ui.requests import HISTORY_TURNS_MAX, QuestionIn, TurnIn

MODEL = "wmai"
"""The one model's name; whatever name is asked for is answered by it."""
_Text = Annotated[str, StringConstraints(max_length=100_000)]


class TextPart(BaseModel):
    """A piece of a message; only text is read."""

    model_config = ConfigDict(frozen=True)

    type: str
    text: _Text = ""


class MessageIn(BaseModel):
    """One message of the conversation."""

    model_config = ConfigDict(frozen=True)

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: _Text | tuple[TextPart, ...] | None = None

    def text(self) -> str:
        """Its words."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")


class StreamOptions(BaseModel):
    """Of a stream."""

    model_config = ConfigDict(frozen=True)

    include_usage: bool = False


class CompletionIn(BaseModel):
    """A request; temperature and the like are accepted and make no difference, because nothing is sampled."""

    model_config = ConfigDict(frozen=True)

    messages: Annotated[tuple[MessageIn, ...], Field(min_length=1, max_length=4 * HISTORY_TURNS_MAX)]
    model: Annotated[str, StringConstraints(max_length=200)] = MODEL
    stream: bool = False
    stream_options: StreamOptions | None = None

    def question(self) -> QuestionIn:
        """The last message as the question, what was said before it as the history.

        System messages are left out: the guide has rules of its own, and words from outside are data.
        Raises InvalidQuestion where the last message is not the user's.
        """
        said = [message for message in self.messages if message.role in {"user", "assistant"}]
        if not said or said[-1].role != "user":
            raise InvalidQuestion("The last message is not the user's.", "End with a message of the role user.")
        turns: list[TurnIn] = []
        asked = ""
        for message in said[:-1]:
            if message.role == "user":
                asked = message.text()
            elif asked:
                turns.append(TurnIn(question=asked, answer=_without_references(message.text())))
                asked = ""
        return QuestionIn(question=said[-1].text(), history=tuple(turns[-HISTORY_TURNS_MAX:]))


_REFERENCES = "\n\nSources:\n"


def _without_references(text: str) -> str:
    return text.split(_REFERENCES)[0]


def content_of(answer: Answer) -> str:
    """The answer's text and, below it, one line for each source, for programs that show nothing but text."""
    if not answer.citations:
        return plain(answer.text)
    return plain(answer.text + _REFERENCES + "\n".join(_reference(citation) for citation in answer.citations))


def annotations_of(answer: Answer, content: str) -> list[Json]:
    """Where in the content each citation's marker stands, in the form of OpenAI's `url_citation`."""
    annotations: list[Json] = []
    for citation in answer.citations:
        marker = f"[{citation.marker}]"
        start = content.find(marker)
        if start < 0 or safe_url(citation.source.url) is None:
            continue
        place = {"start_index": start, "end_index": start + len(marker)}
        about = {"url": citation.source.url, "title": plain(citation.source.title)}
        annotations.append({"type": "url_citation", "url_citation": {**place, **about}})
    return annotations


def completion(request: CompletionIn, answer: Answer, id_: str, created_s: int) -> Json:
    """A whole completion; `wmai` is an extension that holds the answer as the API gives it."""
    content = content_of(answer)
    message = {
        "role": "assistant",
        "content": content,
        "refusal": None,
        "annotations": annotations_of(answer, content),
    }
    return {
        "id": id_,
        "object": "chat.completion",
        "created": created_s,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": usage(request.messages, content),
        "wmai": answer_to_json(answer),
    }


def chunks(request: CompletionIn, answer: Answer, id_: str, created_s: int) -> Iterator[str]:
    """The completion as server-sent events: the text by lines, then the annotations, then the end."""
    content = content_of(answer)
    head: dict[str, Any] = {"id": id_, "object": "chat.completion.chunk", "created": created_s, "model": MODEL}

    def chunk(delta: Json, finish: str | None = None, **more: object) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return f"data: {json.dumps({**head, 'choices': [choice], **more}, ensure_ascii=False)}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    for line in content.splitlines(keepends=True):
        yield chunk({"content": line})
    yield chunk({"annotations": annotations_of(answer, content)}, "stop", wmai=answer_to_json(answer))
    if request.stream_options and request.stream_options.include_usage:
        used = {**head, "choices": [], "usage": usage(request.messages, content)}
        yield f"data: {json.dumps(used)}\n\n"
    yield "data: [DONE]\n\n"


def usage(messages: Sequence[MessageIn], content: str) -> Json:
    """Tokens in and out (cl100k_base)."""
    prompt = sum(count_tokens(message.text()) for message in messages)
    reply = count_tokens(content)
    return {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": prompt + reply}


def _reference(citation: Citation) -> str:
    source = citation.source
    url = source.url if safe_url(source.url) else ""
    return f"[{citation.marker}] {source.title}. {source.publisher}, {date_text(source.published)}. {url}".strip()
