"""The JSON forms that only the command line and the HTTP API need; an answer's own form is in rag/wire.py."""

from rag.errors import WmaiError
from rag.types import Hit, Passage, Source
from rag.wire import Json, hit_to_json, source_to_json


def search_to_json(query: str, hits: tuple[Hit, ...]) -> Json:
    """Hits as in an answer, each with its source."""
    return {"query": query, "hits": [{**hit_to_json(hit), "source": source_to_json(hit.source)} for hit in hits]}


def source_record(source: Source) -> Json:
    """Every field of a source; None where it does not say."""
    return {
        **source_to_json(source),
        "recorded": source.recorded,
        "valid_until": source.valid_until,
        "status": source.status,
        "topics": list(source.topics),
        "places": list(source.places),
        "entities": list(source.entities),
        "theme": source.theme,
        "licence": source.licence,
        "sha256": source.sha256,
    }


def passage_to_json(passage: Passage) -> Json:
    """One passage; start and end are code points of the document's text."""
    return {
        "passage_id": passage.id,
        "source_id": passage.source_id,
        "heading": passage.heading,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "tokens": passage.tokens,
    }


def error_to_json(code: str, message: str, remedy: str = "") -> Json:
    """The one form that every failure takes over HTTP."""
    return {"error": {"code": code, "message": message, "remedy": remedy}}


def error_code(error: WmaiError) -> str:
    """The class name in snake case: StoreMissing is store_missing."""
    name = type(error).__name__
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")
