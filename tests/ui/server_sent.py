"""Reads an event stream as a test sees it."""

import json
from typing import Any, NamedTuple


class Told(NamedTuple):
    """One event."""

    name: str
    data: dict[str, Any]
    id: str


def events(text: str) -> list[Told]:
    """The events of a whole stream; comment lines are left out."""
    told = []
    for frame in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in frame.split("\n") if line and not line.startswith(":"))
        if fields:
            told.append(Told(fields["event"], json.loads(fields["data"]), fields["id"]))
    return told
