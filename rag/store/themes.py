"""The names of the themes, so that readers see those of the vocabulary and not those of folders."""

import json
import sqlite3
from collections.abc import Mapping
from types import MappingProxyType

from rag.store.rows import meta

THEMES_KEY = "themes"


def themes_text(names: Mapping[str, str]) -> str:
    """The value kept in the table meta."""
    return json.dumps(dict(names), ensure_ascii=False)


def held_themes(connection: sqlite3.Connection) -> Mapping[str, str]:
    """The name of each theme by its folder; empty before the first vocabulary was read."""
    return MappingProxyType(json.loads(meta(connection, THEMES_KEY) or "{}"))
