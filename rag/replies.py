"""Replies that several answerers give."""

NOT_FOUND = (
    "My sources do not answer this. The closest passages I hold are shown with it; they may not be what you need."
)
"""The whole text of a refusal for want of an answer."""
