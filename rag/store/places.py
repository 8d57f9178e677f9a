"""The places of the vocabulary, so that it can be said which of them no source is about."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from rag.store.rows import meta

PLACES_KEY = "places"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the vocabulary, whether or not a source is about it."""

    name: str
    kind: str
    """council, county, district, town, site, region or elsewhere."""
    within: str
    """The larger place that it lies in; empty where none is named."""


def places_text(places: Sequence[Place]) -> str:
    """The value kept in the table meta."""
    return json.dumps([astuple(place) for place in places], ensure_ascii=False)


def held_places(connection: sqlite3.Connection) -> tuple[Place, ...]:
    """The places kept in meta, in the order of the vocabulary; none before the first vocabulary was read."""
    return tuple(Place(*row) for row in json.loads(meta(connection, PLACES_KEY) or "[]"))
