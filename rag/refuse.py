"""Whether the sources can answer, once they have been searched and read; if not, why."""

from rag.gazetteer import places_elsewhere
from rag.intent import IntentModel
from rag.reader import Reading
from rag.replies import NOT_FOUND
from rag.retrieve import Found
from rag.scope import BY_INTENT, Reply, elsewhere_reply, nonsense_reply
from rag.types import Outcome

_UNKNOWN_SHARE_MAX = 0.65
"""A question most of whose weight lies on words that no source has is about something else."""
_SURE = 0.8
"""A sentence that answers this surely outweighs what the question looks like."""


def refusal(standalone: str, found: Found, reading: Reading, floor: float, intents: IntentModel | None) -> Reply | None:
    """Why the sources cannot answer; None where they can.

    `floor` is the least confidence, in [0, 1], at which they do.
    """
    nonsense = nonsense_reply(standalone, found.question)
    if nonsense:
        return nonsense
    best = reading.judged[0].candidate if reading.judged else None
    held = places_elsewhere(f"{best.passage.text} {best.source.title}") if best else frozenset()
    named = elsewhere_reply(places_elsewhere(standalone) - held)
    if named:
        return named
    wanted = intents.outside(found.vector) if intents and reading.confidence < _SURE else None
    if wanted:
        return BY_INTENT[wanted]
    if reading.confidence < floor or found.question.unknown_share > _UNKNOWN_SHARE_MAX:
        return Reply(Outcome.NOT_IN_SOURCES, "no_match", NOT_FOUND)
    return None
