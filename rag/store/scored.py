"""What a search gives."""

Scored = tuple[tuple[str, float], ...]
"""Passage ids with their scores, best first."""
