"""The JSON form of a kept answer."""

from collections.abc import Sequence

from rag.store import KeptAnswer
from rag.wire import Json, answer_to_json, source_to_json
from ui.kept import ADDRESS, Ground
from ui.wire import passage_to_json


def kept_to_json(kept: KeptAnswer, stood_on: Sequence[Ground]) -> Json:
    """The answer in its own form; its passages as they were, each with what has become of its source."""
    return {
        "id": kept.id,
        "address": ADDRESS + kept.id,
        "created": kept.created,
        "answer": answer_to_json(kept.answer),
        "passages": [
            {
                "marker": ground.marker or None,
                **passage_to_json(ground.passage),
                "source": source_to_json(ground.source),
                "since": {
                    "fate": ground.since.fate.value,
                    "note": ground.since.note,
                    "passage_id": ground.since.passage_id or None,
                },
            }
            for ground in stood_on
        ],
    }
