"""Replies that several answerers give."""

from rag.scope import Reply
from rag.types import Outcome

NOT_FOUND = (
    "My sources do not answer this. The closest passages I hold are shown beside it; they may not be what you need."
)
"""The whole text of a refusal for want of an answer."""

PRIVATE = Reply(
    Outcome.DECLINED,
    "privacy",
    "Please do not send personal details here: I cannot use them, make bookings or take payments, and I have not kept "
    "your question. Ask me about the West Midlands AI sector without them.",
)
"""To a question that holds somebody's personal details."""
