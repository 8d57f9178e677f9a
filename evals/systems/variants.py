"""The guide with one part of its search switched off, by name: what `wmai:no-typos` means."""

from rag.levers import Lever, Levers

VARIANTS: dict[str, Levers] = {
    "no-typos": frozenset({Lever.TYPOS}),
    "no-languages": frozenset({Lever.LANGUAGES}),
    "no-aliases": frozenset({Lever.ALIASES}),
    "no-reader": frozenset({Lever.READER}),
    "no-pairs": frozenset({Lever.PAIRS}),
    "no-recency": frozenset({Lever.RECENCY}),
    "no-publisher": frozenset({Lever.PUBLISHER}),
    "dense-only": frozenset({Lever.LEXICAL}),
    "lexical-only": frozenset({Lever.DENSE}),
}
"""Off in each. In `dense-only` and `lexical-only` one search alone puts passages forward; how near a passage lies by
the other measure is still known to the reader."""
