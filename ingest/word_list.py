"""Sets of words that are written down as a sentence rather than as a column of strings."""


def words(listed: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(listed.split())
