"""An optional judge: a chat model that says right or wrong. Off unless asked for; the scores stand without it.

Its use is to find where the string rules are too strict or too lax, so its agreement with them is what is reported.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pydantic import TypeAdapter, ValidationError

from evals.calibration import Judged
from evals.errors import RunError
from evals.items import Item
from evals.records import whole_lines
from ingest.progress import Progress
from rag.config import Settings
from rag.errors import ChatFailed

if TYPE_CHECKING:
    from rag.models.chat import ChatModel as OpenedModel

PROMPT = Path(__file__).parent / "prompts" / "judge.md"
JUDGEMENTS = "judgements.jsonl"
_VERDICT = re.compile(r"^\W*(right|wrong)\b", re.IGNORECASE)
_FENCE = re.compile(r"={4,}")


class Message(Protocol):
    """What a chat model returns."""

    @property
    def content(self) -> object:
        """Its text."""
        ...


class ChatModel(Protocol):
    """The part of a chat model that the judge needs, LangChain's or ours; give it one at temperature 0."""

    def invoke(self, messages: str, /) -> Message:
        """One reply to one prompt."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The judge's word on one item of one system."""

    judge: str
    """provider:model."""
    prompt: str
    """Twelve hex digits of the prompt that the judge was given to fill in."""
    system: str
    item: str
    verdict: bool | None
    """None where the reply held neither word, or there was no reply."""
    said: str
    """The judge's whole reply."""
    failure: str = ""
    """Why there was no reply."""


_JUDGEMENT: TypeAdapter[Judgement] = TypeAdapter(Judgement)


def prompt_digest() -> str:
    """Twelve hex digits of the prompt file: judgements by another prompt are others."""
    return hashlib.sha256(PROMPT.read_bytes()).hexdigest()[:12]


def prompt_for(item: Item, answer: str) -> str:
    """The judge's prompt; what is judged cannot close the lines that hold it."""
    earlier = [step.question for step in item.case.steps[: item.turn]]
    before = f"(After: {' / '.join(earlier)}) " if earlier else ""
    expected = item.step.answer or ("A refusal." if item.wants_refusal else _facts(item))
    values = {"question": before + item.step.question, "expected": expected, "answer": answer}
    fenced = {name: _FENCE.sub("===", value) for name, value in values.items()}
    return re.sub(r"\{(\w+)\}", lambda match: fenced[match[1]], PROMPT.read_text(encoding="utf-8"))


def _facts(item: Item) -> str:
    return "It holds: " + "; ".join(" or ".join(group) for group in item.step.must_include)


def verdict_in(said: str) -> bool | None:
    """True for RIGHT, False for WRONG on the first line; None for anything else, which is never taken for either."""
    first = said.strip().split("\n", 1)[0]
    match = _VERDICT.match(first)
    return match[1].lower() == "right" if match else None


def judged_items(judged: Mapping[str, Judged]) -> tuple[tuple[str, Item, str], ...]:
    """(system, item, answer text) of all that can be judged: answers to questions where one outcome alone is right."""
    return tuple(
        (system, item, reply.answer.text)
        for system, held in judged.items()
        for item, reply, _ in held
        if reply.answer is not None and (item.wants_answer or item.wants_refusal)
    )


def judge_run(
    folder: Path, judged: Mapping[str, Judged], model: ChatModel, name: str, progress: Progress
) -> tuple[Judgement, ...]:
    """A judgement of every answer, each on disk before the next is asked for; what is there is not asked again.

    A reply that fails is on record as a failure, without a verdict. Raises RunError where the file cannot be read.
    """
    prompt = prompt_digest()
    path = folder / JUDGEMENTS
    held = {(one.system, one.item): one for one in read_judgements(path) if (one.judge, one.prompt) == (name, prompt)}
    wanted = judged_items(judged)
    progress.begin(f"Judging by {name}", len(wanted))
    torn = whole_lines(path)
    if torn.torn_bytes:
        with path.open("r+b") as cut:
            cut.truncate(torn.whole_bytes)
    with path.open("a", encoding="utf-8") as file:
        for system, item, answer in wanted:
            if (system, item.id) not in held:
                said, failure = _asked(model, prompt_for(item, answer))
                one = Judgement(
                    judge=name, prompt=prompt, system=system, item=item.id, verdict=verdict_in(said), said=said,
                    failure=failure,
                )  # fmt: skip
                held[system, item.id] = one
                file.write(_JUDGEMENT.dump_json(one).decode() + "\n")
                file.flush()
            progress.advance()
    return tuple(held[system, item.id] for system, item, _ in wanted)


def _asked(model: ChatModel, prompt: str) -> tuple[str, str]:
    """What it said, or why it said nothing."""
    try:
        return str(model.invoke(prompt).content), ""
    except ChatFailed as error:
        return "", f"{type(error).__name__}: {error}"


def open_judge(settings: Settings, name: str) -> "OpenedModel":
    """The chat model provider:model at temperature 0, with the other settings of the guide's own model.

    Raises ConfigError or ModelUnavailable where there is no such model.
    """
    from rag.models.chat import open_chat_model  # LangChain is only needed where a model is asked

    return open_chat_model(settings.model_copy(update={"llm": name, "llm_temperature": 0.0}))


def read_judgements(path: Path) -> tuple[Judgement, ...]:
    """Judgements in the order written, none for a file that is not there. Raises RunError for a bad line."""
    return tuple(_read(path))


def _read(path: Path) -> Iterable[Judgement]:
    lines = path.read_bytes()[: whole_lines(path).whole_bytes].splitlines() if path.exists() else ()
    for number, line in enumerate(lines, start=1):
        try:
            yield _JUDGEMENT.validate_json(line)
        except ValidationError as error:
            raise RunError(f"{path}, line {number} is no judgement of this version.", "Remove the file.") from error
