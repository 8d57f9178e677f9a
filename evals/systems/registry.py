"""Systems by name. Opening one loads what it needs and nothing else.

A name is that of a family, or a family and what of it, as in `wmai:no-typos`. To add a family, write one function that
opens it and one entry in FAMILIES.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from evals.errors import SuiteError
from evals.systems.protocol import System
from evals.systems.variants import VARIANTS
from rag.config import Settings
from rag.levers import ALL_ON

LIST_COMMAND = "Run: wmai eval list"


@dataclass(frozen=True, slots=True)
class Family:
    """Systems that share the first part of their name."""

    about: str
    open: Callable[[Settings, str], System]
    """Opens one on the store that the settings name; the text is what follows the colon, empty for nothing."""
    known: tuple[str, ...] = field(default=("",))
    """What may follow the colon; empty for nothing. No entry at all: anything but nothing."""


# Each import in these functions loads models or a store: only the system asked for is paid for.
def _wmai(settings: Settings, variant: str) -> System:
    from rag.pipeline import Pipeline

    # Without a chat model, whatever the environment names, so that it can stand beside `llm:…`.
    own = settings.model_copy(update={"log_unanswered": False, "llm": ""})
    return Pipeline.open(own, VARIANTS.get(variant, ALL_ON))


def _llm(settings: Settings, model: str) -> System:
    from rag.pipeline import Pipeline

    # Answers that were kept would be timed and priced as if nothing had been done for them.
    own = {"log_unanswered": False, "llm": model, "llm_cached_answers": 0}
    return Pipeline.open(settings.model_copy(update=own))


def _bm25(settings: Settings, _rest: str) -> System:
    from evals.systems.lexical import Lexical

    return Lexical.open(settings)


def _dense(settings: Settings, _rest: str) -> System:
    from evals.systems.dense import Dense

    return Dense.open(settings)


def _tutorial(settings: Settings, _rest: str) -> System:
    from evals.systems.tutorial import Tutorial

    return Tutorial.open(settings)


FAMILIES: dict[str, Family] = {
    "wmai": Family("The guide, or the guide with one part of its search switched off.", _wmai, ("", *VARIANTS)),
    "llm": Family("The guide with a chat model, as llm:provider:model; its other settings are WMAI_LLM_….", _llm, ()),
    "bm25": Family("SQLite's BM25 over the same passages.", _bm25),
    "dense": Family("The nearest passages by the same embedding model.", _dense),
    "langchain-tutorial": Family("What LangChain's RAG tutorial builds, with its defaults.", _tutorial),
}


def all_names() -> tuple[str, ...]:
    """Every name that is known, a family that takes anything as "family:…"."""
    return tuple(
        f"{family}:{rest}" if rest else family
        for family, entry in FAMILIES.items()
        for rest in (entry.known or ("…",))
    )  # fmt: skip


def known_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names without repeats. Raises SuiteError for one that is not known."""
    for name in names:
        family, _, rest = name.partition(":")
        entry = FAMILIES.get(family)
        if entry is None or (rest not in entry.known if entry.known else not rest) or name.endswith(":"):
            raise SuiteError(f"There is no system {name!r}; known are {', '.join(all_names())}.", LIST_COMMAND)
    return tuple(dict.fromkeys(names))


def open_system(name: str, settings: Settings) -> System:
    """The system, on the store that the settings name. Raises SuiteError for a name that is not known."""
    known_names([name])
    family, _, rest = name.partition(":")
    return FAMILIES[family].open(settings, rest)
