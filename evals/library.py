"""The documents that a suite is about: looked up by source id, checked against the cases, indexed where need be."""

from collections.abc import Sequence

from evals.cases import Case
from evals.errors import SuiteError
from evals.records import SourceText
from evals.run import Lookup
from rag.errors import UnknownSource
from rag.store import Store
from rag.types import Source


def source_text(source: Source, text: str) -> SourceText:
    """What the scorer needs of a source."""
    return SourceText(
        id=source.id,
        text=text,
        title=source.title,
        publisher=source.publisher,
        published=source.published,
        theme=source.theme,
    )


def store_lookup(store: Store) -> Lookup:
    """Looks a source up in an open store."""

    def lookup(source_id: str) -> SourceText | None:
        try:
            return source_text(store.source(source_id), store.source_text(source_id))
        except UnknownSource:
            return None

    return lookup


def check_sources(cases: Sequence[Case], lookup: Lookup) -> None:
    """Raise SuiteError where a case names a source that is not held or a quote that its source does not hold.

    Such a case could not be answered right, and its failure would be blamed on the system.
    """
    for case in cases:
        for source_id in sorted(case.gold_sources()):
            if lookup(source_id) is None:
                message = f"Case {case.id!r} names the source {source_id!r}, which the store does not hold."
                raise SuiteError(message, "Index it (wmai index), or mend the case.")
        for span in (span for step in case.steps for span in step.spans):
            source = lookup(span.source_id)
            if source is not None and span.quote not in source.text:
                message = f"Case {case.id!r} quotes {span.quote[:60]!r}, which {span.source_id!r} does not hold."
                raise SuiteError(message, "Mend the quote.")
