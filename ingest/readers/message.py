"""Documents and refusals as JSON, which the reading process sends: nothing that it says is ever run."""

from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from ingest.readers import errors
from ingest.readers.errors import DamagedSource, RefusedSource
from ingest.readers.extracted import Block, Extracted

Json = dict[str, Any]
_ERRORS = {
    kind.__name__: kind
    for kind in (
        errors.UnknownFormat,
        errors.AmbiguousFormat,
        errors.EncryptedSource,
        errors.MacroSource,
        errors.OversizedSource,
        errors.DamagedSource,
        errors.EmptySource,
    )
}


def extracted_to(extracted: Extracted) -> Json:
    """A document as JSON."""
    fields = {name: getattr(extracted, name) for name in Extracted.__dataclass_fields__}
    fields["blocks"] = [asdict(block) for block in extracted.blocks]
    fields["given"] = dict(extracted.given)
    return fields


def extracted_from(fields: Json) -> Extracted:
    """The document back."""
    blocks = tuple(
        Block(**{**block, "page_starts": tuple((start, page) for start, page in block["page_starts"])})
        for block in fields["blocks"]
    )
    rest = {name: value for name, value in fields.items() if name not in ("blocks", "warnings", "given")}
    given = MappingProxyType(dict(fields["given"]))
    return Extracted(blocks=blocks, warnings=tuple(fields["warnings"]), given=given, **rest)


def error_to(error: RefusedSource) -> Json:
    """A refusal as JSON."""
    return {"kind": type(error).__name__, "message": error.message, "remedy": error.remedy}


def error_from(fields: Json) -> RefusedSource:
    """The refusal back."""
    return _ERRORS.get(fields["kind"], DamagedSource)(fields["message"], fields["remedy"])
