"""Lines of the table about what a reader waits for: in the browser, and where a chat model writes. Pure."""

from evals.bench.parts import GUIDE
from evals.bench.row import Found, Row, Spread, pick, spread

USABLE_MS, WORDS_MS, WIDGET_BYTES = 2_000, 300, 25_000
KILLED_MS = 5_000
"""From the death of a chat model to the end of the answer in the sources' own words."""


def eye_rows(found: Found) -> list[Row]:
    """The chat page, and the widget on its host."""
    usable, words = (spread(pick(found, GUIDE, field, "p50")) for field in ("usable_ms", "words_ms"))
    slow = spread(pick(found, GUIDE, "words_ms", "p95"))
    size, shift = (spread(pick(found, GUIDE, field)) for field in ("widget_bytes", "shift"))
    return [
        Row("chat page usable, p50", "ms", usable, None, None, f"≤ {USABLE_MS} ms", usable.median <= USABLE_MS),
        Row("first words after Enter, p50", "ms", words, None, None, f"≤ {WORDS_MS} ms", words.median <= WORDS_MS),
        Row("first words after Enter, p95", "ms", slow, None, None, "", None),
        Row("widget on a host page", "bytes", size, None, None, f"≤ {WIDGET_BYTES} bytes", size.median <= WIDGET_BYTES),
        Row("shift of the host page", "CLS", shift, None, None, "0", shift.most == 0),
    ]


def chat_rows(found: Found) -> list[Row]:
    """The small local model over HTTP; only answers of which its words came first count as streamed."""
    first, whole, every = (spread(pick(found, GUIDE, field, "p50")) for field in ("first_ms", "total_ms", "all_ms"))
    killed = spread(pick(found, GUIDE, "killed_ms", "p50"))
    in_time = killed.most <= KILLED_MS
    early = _over(pick(found, GUIDE, "first_ms", "p50"), pick(found, GUIDE, "total_ms", "p50"))
    share = _over(pick(found, GUIDE, "streamed"), pick(found, GUIDE, "asked"))
    return [
        Row("small local model: first words, where it has any, p50", "ms", first, None, None, "", None),
        Row("small local model: the same answers whole, p50", "ms", whole, None, None, "", None),
        Row("small local model: first words over whole", "", early, None, None, "< 1", early.most < 1),
        Row("small local model: answers that began with its words", "", share, None, None, "", None),
        Row("small local model: all answers, p50", "ms", every, None, None, "", None),
        Row("cited answer after the model is killed", "ms", killed, None, None, f"≤ {KILLED_MS} ms", in_time),
    ]


def _over(some: list[float], all_: list[float]) -> Spread:
    """Repeat by repeat the one over the other."""
    return spread([one / other for one, other in zip(some, all_, strict=True)])
