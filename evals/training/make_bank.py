"""Chooses, of the training questions, those that the guide answers well, for it to suggest: corpus/questions.jsonl.

Run after `wmai index`: python -m evals.training.make_bank
"""

import argparse
import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from operator import attrgetter
from pathlib import Path

from rag.config import Settings
from rag.pipeline import Pipeline
from rag.types import Outcome

QUESTIONS = Path(__file__).parent / "questions.jsonl"
KINDS = frozenset({"single", "numeric", "list", "date", "place", "temporal", "howto", "contact"})
STYLES = frozenset({"plain", "formal"})
CHARACTERS = range(25, 101)
CONFIDENCE_MIN = 0.9
"""Well above any floor, so that a later fit of the reader does not turn a suggested question into a refusal."""
PER_SOURCE = 1


@dataclass(frozen=True, slots=True)
class Suggestible:
    """A question with the source that answers it and the sentence that does."""

    question: str
    source: str
    quote: str


def candidates(path: Path) -> Iterator[Suggestible]:
    """Questions in clean wording that one sentence of one source answers."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        question, gold = row["question"], row["gold"]
        worded = row["kind"] in KINDS and row["style"] in STYLES and re.fullmatch(r"[A-Z0-9].*[^?]\?", question)
        if worded and len(question) in CHARACTERS and len({item["source_id"] for item in gold}) == 1:
            yield Suggestible(question, gold[0]["source_id"], gold[0]["quote"])


def answered(guide: Pipeline, wanted: Suggestible) -> float:
    """How sure the guide is, in [0, 1], where its first sentence is the one that answers; else 0."""
    answer = guide.ask(wanted.question)
    if answer.outcome is not Outcome.ANSWERED or answer.confidence is None:
        return 0.0
    first = answer.citations[0]
    return answer.confidence if (first.source.id, first.quote) == (wanted.source, wanted.quote) else 0.0


def choose(guide: Pipeline, wanted: Iterable[Suggestible]) -> tuple[Suggestible, ...]:
    """Up to PER_SOURCE questions of each source with different answers, by source."""
    chosen: dict[str, list[Suggestible]] = {}
    for item in sorted(wanted, key=attrgetter("source")):
        same = chosen.setdefault(item.source, [])
        new = len(same) < PER_SOURCE and item.quote not in {other.quote for other in same}
        if new and answered(guide, item) >= CONFIDENCE_MIN:
            same.append(item)
    return tuple(item for same in chosen.values() for item in same)


def merged(path: Path, parted: Collection[str], chosen: Sequence[Suggestible]) -> list[Suggestible]:
    """What the file holds of other sources than those of the part, and what was chosen of these, by source."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    others = [item for item in (Suggestible(**json.loads(line)) for line in lines) if item.source not in parted]
    return sorted([*others, *chosen], key=attrgetter("source"))


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=Path(".wmai"))
    parser.add_argument("-o", "--out", type=Path, default=Path("corpus/questions.jsonl"))
    parser.add_argument(
        "--part", default="1/1", help="K/N: every N-th source from the K-th on; the rest stays as it is"
    )
    arguments = parser.parse_args()
    part, parts = (int(number) for number in arguments.part.split("/"))
    every = tuple(candidates(QUESTIONS))
    sources = frozenset(sorted({item.source for item in every})[part - 1 :: parts])
    with Pipeline.open(Settings(store=arguments.store, log_unanswered=False)) as guide:
        chosen = choose(guide, (item for item in every if item.source in sources))
    lines = [json.dumps(asdict(item), ensure_ascii=False) for item in merged(arguments.out, sources, chosen)]
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stderr.write(f"{len(chosen)} questions chosen, {len(lines)} in {arguments.out}.\n")


if __name__ == "__main__":
    main()
