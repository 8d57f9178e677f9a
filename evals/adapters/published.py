"""Figures that others have published for a public set; kept in published.json beside the suites."""

import json

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.errors import SuiteError
from evals.suites import FOLDER, Published


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    values: dict[str, float]


def published(name: str) -> tuple[Published, ...]:
    """The figures for the set of that name, or of that name among the BEIR sets; none for a set that is not known."""
    table = json.loads((FOLDER / "published.json").read_text(encoding="utf-8"))
    try:
        held = [_Row.model_validate(row) for row in table.get(name, table.get(f"beir_{name}", ()))]
    except ValidationError as error:
        raise SuiteError(f"published.json does not fit: {error.errors()[0]['msg']}.", "Mend that row.") from error
    return tuple(Published(label=row.label, values=row.values) for row in held)
