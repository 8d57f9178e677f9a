"""The JSON form of an answer: the contract of `wmai ask --json`, `wmai batch` and the HTTP API."""

from typing import Any

from rag.types import Answer, Citation, Hit, Source, Usage

Json = dict[str, Any]


def source_to_json(source: Source) -> Json:
    """What a reader needs to judge a source: id, title, publisher, url, published (null when unknown), other homes."""
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "published": source.published,
        "homes": [
            {"id": home.source_id, "publisher": home.publisher, "url": home.url, "published": home.published}
            for home in source.homes
        ],
    }


def hit_to_json(hit: Hit) -> Json:
    """One found passage; score in [0, 1], rank from 1."""
    return {
        "passage_id": hit.passage.id,
        "source_id": hit.source.id,
        "score": hit.score,
        "rank": hit.rank,
        "text": hit.passage.text,
    }


def citation_to_json(citation: Citation) -> Json:
    """One citation; start and end are code points of the quote in its passage, page is where the quote begins."""
    return {
        "marker": citation.marker,
        "passage_id": citation.passage.id,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "page": citation.passage.page_at(citation.start),
        "source": source_to_json(citation.source),
    }


def usage_to_json(usage: Usage) -> Json:
    """What a chat model was used; cost is null where the settings name no price."""
    return {
        "model": usage.model,
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "cost": usage.cost,
        "cached": usage.cached,
        "markers_removed": usage.markers_removed,
        "sentences_struck": usage.sentences_struck,
        "struck_reasons": list(usage.struck_reasons),
    }


def answer_to_json(answer: Answer) -> Json:
    """The whole answer as the contract in docs/architecture.md gives it."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "outcome": answer.outcome.value,
        "reason": answer.reason,
        "text": answer.text,
        "sentences": [
            {"text": sentence.text, "markers": list(sentence.markers), "support": sentence.support}
            for sentence in answer.sentences
        ],
        "citations": [citation_to_json(citation) for citation in answer.citations],
        "hits": [hit_to_json(hit) for hit in answer.hits],
        "confidence": answer.confidence,
        "suggestions": list(answer.suggestions),
        "timings_ms": dict(answer.timings_ms),
        "answerer": answer.answerer,
        "index_build": answer.index_build,
        "usage": usage_to_json(answer.usage) if answer.usage else None,
        "notice": answer.notice,
    }
