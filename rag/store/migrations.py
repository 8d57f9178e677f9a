"""What brings the tables of an older schema version up to the present one; texts and vectors stay as they are."""

from collections.abc import Mapping
from types import MappingProxyType

_FROM_1 = """
ALTER TABLE sources ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN format TEXT NOT NULL DEFAULT 'briefing';
ALTER TABLE sources ADD COLUMN valid_until_quote TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN state TEXT NOT NULL DEFAULT 'current';
ALTER TABLE sources ADD COLUMN copy_of TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN site TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN signature BLOB NOT NULL DEFAULT x'';
ALTER TABLE sources ADD COLUMN fetch TEXT NOT NULL DEFAULT '';
CREATE INDEX sources_by_copy ON sources (copy_of, id);
ALTER TABLE texts ADD COLUMN extracted TEXT NOT NULL DEFAULT '';
ALTER TABLE texts ADD COLUMN pages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE passages ADD COLUMN page INTEGER;
ALTER TABLE passages ADD COLUMN page_starts TEXT NOT NULL DEFAULT '[]';
"""

_FROM_2 = """
ALTER TABLE sources ADD COLUMN given TEXT NOT NULL DEFAULT '{}';
"""

_FROM_3 = """
ALTER TABLE feedback ADD COLUMN comment TEXT NOT NULL DEFAULT '';
"""

MIGRATIONS: Mapping[int, str] = MappingProxyType({1: _FROM_1 + _FROM_2 + _FROM_3, 2: _FROM_2 + _FROM_3, 3: _FROM_3})
"""Schema version to the statements that lead from it to the present one."""
