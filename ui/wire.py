"""The JSON forms that only the command line and the HTTP API need; an answer's own form is in rag/wire.py."""

from rag.errors import WmaiError
from rag.types import Delta, Done, Event, Hit, Passage, Retrieved, Source, Withdrawn
from rag.wire import Json, answer_to_json, hit_to_json, source_to_json


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
        "author": source.author,
        "language": source.language,
        "format": source.format,
        "valid_until_quote": source.valid_until_quote,
        "state": source.state,
        "copy_of": source.copy_of,
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
        "page": passage.page,
    }


def passage_to_record(passage: Passage, source: Source) -> Json:
    """A passage with its source and the address of its own page on this server."""
    return {**passage_to_json(passage), "source": source_to_json(source), "address": f"/passages/{passage.id}"}


def error_to_json(code: str, message: str, remedy: str = "") -> Json:
    """A failure as an event of a stream, and the member `error` of every problem document."""
    return {"error": {"code": code, "message": message, "remedy": remedy}}


def problem_to_json(status: int, code: str, message: str, remedy: str, path: str) -> Json:
    """A problem document (RFC 9457); `error` is an extension member that says the same in the guide's own words."""
    return {
        "type": f"/docs#{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": f"{message} {remedy}".strip(),
        "instance": path,
        **error_to_json(code, message, remedy),
    }


def error_code(error: WmaiError) -> str:
    """The class name in snake case: StoreMissing is store_missing."""
    name = type(error).__name__
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


def event_to_json(event: Event) -> tuple[str, Json]:
    """The name and the data of an event of a stream."""
    match event:
        case Retrieved(hits=hits):
            return "retrieved", {"hits": [hit_to_json(hit) for hit in hits]}
        case Delta(text=text):
            return "delta", {"text": text}
        case Withdrawn(text=text, reason=reason):
            return "withdrawn", {"text": text, "reason": reason}
        case Done(answer=answer):
            return "done", answer_to_json(answer)
