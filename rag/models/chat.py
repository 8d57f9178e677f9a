"""The one door to chat models: any that LangChain knows by "provider:model", or one that this machine serves itself."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

from rag.config import Settings
from rag.errors import ChatBusy, ChatFailed, ConfigError, ModelUnavailable
from rag.models.chat_deadline import within

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk

    from rag.models.local_server import LocalServer

ATTEMPTS = 3
"""How often a request is made whose failure may pass: limits of rate, failures of the server, no connection."""
LOCAL = "local"
"""The provider that this machine serves: local:FILE.gguf, or local:smollm2 for the small model from PyPI."""
_EXTRAS = frozenset({"openai", "anthropic", "ollama", LOCAL})
_Result = TypeVar("_Result")
Messages = str | Sequence[tuple[str, str]]
"""A prompt, or (role, text) pairs with the roles system, user and assistant."""


class ChatModel:
    """A chat model with a deadline, retries and the project's own errors; safe to use from several threads."""

    def __init__(self, name: str, model: "BaseChatModel", settings: Settings, server: "LocalServer | None") -> None:
        """Use open_chat_model."""
        self.name = name
        """provider:model, without the folder of a local file."""
        self.context_tokens = settings.llm_context_tokens
        """Tokens that prompt and reply may take together."""
        self.timeout_s = settings.llm_timeout_s
        self._model = model
        self._server = server

    def __enter__(self) -> Self:
        """The model itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @property
    def local_pid(self) -> int | None:
        """The process that serves a local model; None for any other."""
        return self._server.pid if self._server else None

    def close(self) -> None:
        """Stop the server where this machine serves the model."""
        if self._server is not None:
            self._server.close()

    def invoke(self, messages: Messages, /) -> "AIMessage":
        """One whole reply within the time limit; raises ChatFailed."""
        deadline = time.monotonic() + self.timeout_s

        def reply() -> Iterator["AIMessage"]:
            yield _retried(lambda: _translated(lambda: self._model.invoke(_listed(messages))), deadline)

        return next(within(reply, deadline))

    def stream(
        self, messages: Messages, /, answer_tokens: int | None = None, grammar: str = ""
    ) -> Iterator["AIMessageChunk"]:
        """The reply in pieces as they come, all within the time limit.

        A model that this machine serves is held to `answer_tokens`, where that is less than the settings allow, and
        to the form that `grammar` gives in GBNF; others have no such notion.
        Raises ChatFailed. A failure before the first piece is retried where that makes sense, later ones are not:
        what was said would be said again.
        """
        deadline = time.monotonic() + self.timeout_s
        bounds: dict[str, Any] = {}
        if self._server is not None:
            bounds = {"extra_body": {"grammar": grammar}} if grammar else {}
            bounds |= {"max_tokens": answer_tokens} if answer_tokens else {}

        def pieces() -> Iterator["AIMessageChunk"]:
            def begin() -> "tuple[AIMessageChunk | None, Iterator[AIMessageChunk]]":
                opened = self._model.stream(_listed(messages), **bounds)
                return _translated(lambda: next(opened, None)), opened

            first, rest = _retried(begin, deadline)
            while first is not None:
                yield first
                first = _translated(lambda: next(rest, None))

        return within(pieces, deadline)


def open_chat_model(settings: Settings) -> ChatModel:
    """The model that WMAI_LLM names; for `local` its server is started here and stopped with close().

    Raises ConfigError for a name that is not provider:model, and ModelUnavailable where the provider's package or
    the model's file is missing or the local server does not start.
    """
    provider, _, model = settings.llm.partition(":")
    if not provider or not model:
        raise ConfigError(
            f"WMAI_LLM is {settings.llm!r}, wanted provider:model.", "Example: WMAI_LLM=openai:gpt-5-mini"
        )
    if provider != LOCAL:
        return ChatModel(settings.llm, _init(provider, model, _options(provider, settings)), settings, None)
    from rag.models.local_server import LocalServer, model_file  # only a local model needs a server

    file = model_file(model)
    server = LocalServer.start(file, settings)
    options = _options("openai", settings) | {"base_url": f"{server.address}/v1", "api_key": server.key}
    try:
        return ChatModel(f"{LOCAL}:{file.name}", _init("openai", file.stem, options), settings, server)
    except ModelUnavailable:
        server.close()
        raise


def _options(provider: str, settings: Settings) -> dict[str, Any]:
    """What LangChain's class for the provider calls temperature, bounds, key and address."""
    options: dict[str, Any] = {"temperature": settings.llm_temperature}
    if provider == "ollama":
        options |= {
            "num_ctx": settings.llm_context_tokens,
            "num_predict": settings.llm_answer_tokens,
            "client_kwargs": {"timeout": settings.llm_timeout_s},
        }
    else:
        options |= {"max_tokens": settings.llm_answer_tokens, "timeout": settings.llm_timeout_s, "max_retries": 0}
    if settings.llm_base_url:
        options["base_url"] = settings.llm_base_url
    key = settings.llm_api_key.get_secret_value()
    if key and provider != "ollama":
        options["api_key"] = key
    if provider == "openai":
        options["stream_usage"] = True
        if settings.llm_base_url and not key:
            # A server of one's own often wants no key, but the client refuses to be made without one.
            options["api_key"] = "none"
    return options


def _init(provider: str, model: str, options: dict[str, Any]) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model  # takes most of a second, and only where a model is named

    try:
        made: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        extra = provider if provider in _EXTRAS else ""
        remedy = f"Run: pip install '.[{extra}]'" if extra else f"Run: pip install langchain-{provider}"
        raise ModelUnavailable(f"The package for chat models of {provider!r} is not installed.", remedy) from error
    except ValueError as error:
        message = f"LangChain cannot make a chat model of provider {provider!r}."
        raise ConfigError(message, "Set WMAI_LLM to provider:model, see docs/models.md.") from error
    except Exception as error:
        # Each provider's class has its own errors for a missing key.
        raise ModelUnavailable(
            f"The chat model {provider}:{model} cannot be set up ({type(error).__name__}).", "Set WMAI_LLM_API_KEY."
        ) from error
    return made


def _listed(messages: Messages) -> list[tuple[str, str]]:
    return [("user", messages)] if isinstance(messages, str) else list(messages)


def _retried(call: Callable[[], _Result], deadline: float) -> _Result:
    from tenacity import (
        Retrying,
        retry_if_exception_type,
        stop_after_attempt,
        stop_before_delay,
        wait_random_exponential,
    )

    left_s = max(0.0, deadline - time.monotonic())
    retrying = Retrying(
        retry=retry_if_exception_type(ChatBusy),
        stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(left_s / 2),
        wait=wait_random_exponential(multiplier=0.2, max=2.0),
        reraise=True,
    )
    return retrying(call)


def _translated(call: Callable[[], _Result]) -> _Result:
    """What the call returns; whatever a provider's client raises becomes ChatBusy or ChatFailed.

    Messages of providers can hold the prompt or the key: the kind of failure alone is told.
    """
    from langchain_core.exceptions import ModelAPIError, ModelConnectionError, ModelRateLimitError

    try:
        return call()
    except (ModelRateLimitError, ModelAPIError, ModelConnectionError) as error:
        raise ChatBusy(f"The chat model did not answer ({type(error).__name__}).", "Try again later.") from error
    except Exception as error:
        # A client may raise anything over a reply that is not what it expects.
        raise ChatFailed(
            f"The chat model failed ({type(error).__name__}).", "Check WMAI_LLM; see docs/models.md."
        ) from error
