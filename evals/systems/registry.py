"""Systems by name. Opening one loads what it needs and nothing else."""

from collections.abc import Sequence

from evals.errors import SuiteError
from evals.systems.protocol import System
from rag.config import Settings

NAMES = ("wmai", "bm25", "dense", "langchain-tutorial")


def known_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names without repeats. Raises SuiteError for one that is not known."""
    for name in names:
        if name not in NAMES:
            raise SuiteError(f"There is no system {name!r}; known are {', '.join(NAMES)}.", "Run: wmai eval list")
    return tuple(dict.fromkeys(names))


def open_system(name: str, settings: Settings) -> System:
    """The system, on the store that the settings name. Raises SuiteError for a name that is not known."""
    known_names([name])
    # Each import here loads models or a store: only the system asked for is paid for.
    if name == "wmai":
        from rag.pipeline import Pipeline

        return Pipeline.open(settings.model_copy(update={"log_unanswered": False}))
    if name == "bm25":
        from evals.systems.lexical import Lexical

        return Lexical.open(settings)
    if name == "dense":
        from evals.systems.dense import Dense

        return Dense.open(settings)
    from evals.systems.tutorial import Tutorial

    return Tutorial.open(settings)
