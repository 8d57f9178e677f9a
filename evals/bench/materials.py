"""What both sides are given: the same texts to index and the same questions."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from ingest.chunk import embedding_text
from rag.config import Settings
from rag.store import Store

QUESTIONS = Path(__file__).parents[1] / "training" / "questions.jsonl"
WARM_UP = 10
"""Questions asked first and not counted."""


@dataclass(frozen=True, slots=True)
class Text:
    """A passage of the guide's store."""

    passage_id: str
    source_id: str
    text: str
    """What the guide embeds for it, which the other side gets as its document: title, publisher, date, passage."""


@dataclass(frozen=True, slots=True)
class Materials:
    """The texts and questions of a run, as one JSON file that every process reads."""

    texts: tuple[Text, ...]
    """By source and place."""
    questions: tuple[str, ...]

    def write(self, path: Path) -> None:
        """Put them into a file."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Take them from a file that `write` made."""
        record = json.loads(path.read_text(encoding="utf-8"))
        return cls(tuple(Text(**text) for text in record["texts"]), tuple(record["questions"]))


def gather(settings: Settings, questions: int) -> Materials:
    """All texts of the store that the settings name, and so many training questions after the warm-up ones.

    Raises as Store.open does.
    """
    with Store.open(settings) as store:
        texts = tuple(
            Text(passage.id, source.id, embedding_text(source, passage))
            for source in store.sources()
            for passage in store.source_passages(source.id)
        )
    with QUESTIONS.open(encoding="utf-8") as lines:
        asked = list(dict.fromkeys(json.loads(line)["question"] for line in lines))
    wanted = questions + WARM_UP
    return Materials(texts, tuple(asked[:: max(1, len(asked) // wanted)][:wanted]))
