"""What readers ask: conversations of two to four questions about the same source, out of the training questions."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

QUESTIONS = Path(__file__).parents[1] / "training" / "questions.jsonl"
TURNS_MIN, TURNS_MAX = 2, 4

Talk = tuple[str, ...]
"""Questions in the order in which they are asked."""


def talks(seed: int, path: Path = QUESTIONS) -> Iterator[Talk]:
    """Conversations without end; the same seed gives the same ones."""
    by_source = _by_source(path)
    dice = random.Random(seed)  # noqa: S311 - for choosing, not for hiding
    while True:
        asked = dice.choice(by_source)
        count = min(len(asked), dice.randint(TURNS_MIN, TURNS_MAX))
        yield tuple(dice.sample(asked, count))


def _by_source(path: Path) -> list[list[str]]:
    """The questions about each source that has enough of them for a conversation."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            gold = item.get("gold") or ()
            if gold and item["question"] not in found[gold[0]["source_id"]]:
                found[gold[0]["source_id"]].append(item["question"])
    return [asked for _, asked in sorted(found.items()) if len(asked) >= TURNS_MIN]
