"""What the staff page tells, as JSON: for the script that follows a job and for /api/staff."""

from dataclasses import asdict

from rag.store import FetchRecord
from rag.wire import Json
from ui.staff.drafts import Draft
from ui.staff.jobs import Job
from ui.staff.records import SourceRow, UnansweredGroup
from ui.wire import passage_to_json, source_record


def row_record(row: SourceRow) -> Json:
    """One source of the list."""
    fetch = row.held.fetch
    return {
        **source_record(row.source),
        "state": row.state,
        "origin": row.held.origin,
        "passage_count": row.passages,
        "cited": row.cited,
        "fetched_at": fetch.fetched_at or None,
        "failures": fetch.failures,
        "missing": fetch.missing,
    }


def fetch_record(record: FetchRecord) -> Json:
    """How one fetch went."""
    return {"url": record.url, "outcome": record.outcome, "detail": record.detail, "at": record.at}


def draft_record(draft: Draft) -> Json:
    """A source that is not published yet."""
    prepared = draft.prepared
    return {
        "draft_id": draft.id,
        "replaces": draft.replaces,
        "warnings": list(prepared.warnings),
        "source": source_record(prepared.document.source),
        "text": prepared.document.text,
        "passages": [passage_to_json(passage) for passage in prepared.passages],
    }


def group_record(group: UnansweredGroup) -> Json:
    """A question that was asked in vain."""
    nearest = [
        {"passage_id": passage.id, "source_id": source.id, "title": source.title, "text": passage.text}
        for passage, source in group.nearest
    ]
    return {
        "question": group.question,
        "count": group.count,
        "last_asked": group.last_asked,
        "reason": group.reason,
        "nearest": nearest,
    }


def job_record(job: Job) -> Json:
    """How far a job is."""
    return {"job_id": job.id, **{name: value for name, value in asdict(job).items() if name != "id"}}
