"""Which blocks are the site's talk about itself: told by wording first, then by what they stand beside. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from itertools import pairwise

from ingest.article.nag_words import LIST_HEAD, MENU, PATH, SENTENCE, TEASER, WEAK, WHOLE_LINE
from ingest.readers.extracted import Block
from rag.sentences import split_sentences

GAP_BLOCKS = 5
"""So many blocks of nagging words between two nags go with them."""
WEAK_WORDS_MAX = 70
LABEL_WORDS_MAX = 12
SENTENCE_CHARS_MAX = 500
TEASER_WORDS_MAX = 22
_EDGES = " \t.…,:;!→»›>|*·•-–—✕×"
_QUOTED = re.compile(r"^[“\"‘].{12,}|\b(?:said|says|told|added|announced|according to)\b")
_FIGURE = re.compile(r"[£$€]\s?\d|\d%|\bper cent\b")
_WORD = re.compile(r"[a-z][a-z'-]+")


class _Is(Enum):
    NAG = "nag"
    LIST_HEAD = "list head"
    WEAK = "weak"
    CONTENT = "content"


def without_nags(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks less those that nag; of a paragraph that holds both, the sentences that do not."""
    trimmed = [trimmed for block in blocks if (trimmed := _trimmed(block)) is not None]
    judged = [_judge(block) for block in trimmed]
    dropped = {index for index, verdict in enumerate(judged) if verdict is _Is.NAG}
    dropped |= _lists(trimmed, judged)
    dropped |= _between(judged, dropped)
    return _without_empty_headings([block for index, block in enumerate(trimmed) if index not in dropped], blocks)


def fold(text: str) -> str:
    """The text as the patterns expect it."""
    straight = text.casefold().replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return " ".join(straight.split()).strip(_EDGES)


def is_nag(text: str) -> bool:
    """Whether one line or sentence is the site's talk about itself."""
    folded = fold(text)
    if not folded:
        return False
    if len(folded.split()) <= LABEL_WORDS_MAX and WHOLE_LINE.fullmatch(folded):
        return True
    if PATH.fullmatch(folded) or MENU.fullmatch(folded):
        return True
    if TEASER.match(folded) and len(folded.split()) <= TEASER_WORDS_MAX:
        return True
    return len(folded) <= SENTENCE_CHARS_MAX and not _QUOTED.search(text) and SENTENCE.search(folded) is not None


def _trimmed(block: Block) -> Block | None:
    """The block less the sentences that nag, where it is a paragraph with others; None where nothing is left."""
    if block.kind in ("heading", "row") or block.page_starts or "\n" in block.text:
        return block
    spans = split_sentences(block.text)
    if len(spans) < 2:
        return block
    kept = [(start, end) for start, end in spans if not is_nag(block.text[start:end])]
    if len(kept) == len(spans):
        return block
    rest = " ".join(block.text[start:end] for start, end in kept)
    if not kept or all(_is_weak(block.text[start:end]) for start, end in kept):
        # What is left of a cookie notice without its plain sentences is still the notice.
        return replace(block, text=block.text[spans[0][0] : spans[0][1]]) if is_nag(block.text[: spans[0][1]]) else None
    return replace(block, text=rest)


def _judge(block: Block) -> _Is:
    if block.kind == "row":
        return _Is.CONTENT
    folded = fold(block.text)
    if len(folded.split()) <= LABEL_WORDS_MAX and LIST_HEAD.fullmatch(folded):
        return _Is.LIST_HEAD
    if is_nag(block.text):
        return _Is.NAG
    return _Is.WEAK if _is_weak(block.text) else _Is.CONTENT


def _is_weak(text: str) -> bool:
    """Whether a text could be part of a nag: its vocabulary, no figures, nobody quoted."""
    if _QUOTED.search(text) or _FIGURE.search(text):
        return False
    words = _WORD.findall(fold(text))
    if not words:
        return True
    hits = sum(word in WEAK for word in words)
    return len(words) <= WEAK_WORDS_MAX and hits >= max(1, min(3, len(words) // 6))


def _lists(blocks: Sequence[Block], judged: Sequence[_Is]) -> set[int]:
    """Heads of lists of other articles, each with the titles under it."""
    dropped: set[int] = set()
    for index, verdict in enumerate(judged):
        if verdict is not _Is.LIST_HEAD:
            continue
        following = index + 1
        while following < len(blocks) and (_is_title(blocks[following]) or judged[following] is _Is.NAG):
            following += 1
        # A heading such as "Latest news" over paragraphs of its own is a heading of the article.
        if following > index + 1 or blocks[index].kind != "heading" or following == len(blocks):
            dropped.update(range(index, following))
    return dropped


def _is_title(block: Block) -> bool:
    words = block.text.split()
    plain = block.kind in ("item", "paragraph", "heading") and "\n" not in block.text
    return plain and len(words) <= TEASER_WORDS_MAX and not re.search(r"[.!;:,][\"'”’)]*$", block.text.rstrip())


def _between(judged: Sequence[_Is], dropped: set[int]) -> set[int]:
    """Weak blocks that stand between two nags, or run from one to the nearest end of the page."""
    found: set[int] = set()
    ends = [-1, *sorted(dropped), len(judged)]
    for left, right in pairwise(ends):
        between = range(left + 1, right)
        at_edge = left < 0 or right == len(judged)
        if not between or (at_edge and len(dropped) == 0):
            continue
        if len(between) <= GAP_BLOCKS and all(judged[index] is _Is.WEAK for index in between):
            found.update(between)
    return found


def _without_empty_headings(kept: list[Block], before: Sequence[Block]) -> tuple[Block, ...]:
    """Headings whose whole section nagged go as well; those that were empty on the page stay."""
    empty_before = {
        id(block)
        for block, following in zip(before, [*before[1:], None], strict=False)
        if block.kind == "heading" and (following is None or following.kind == "heading")
    }
    out: list[Block] = []
    for index, block in enumerate(kept):
        following = kept[index + 1] if index + 1 < len(kept) else None
        bare = block.kind == "heading" and (
            following is None or (following.kind == "heading" and following.level <= block.level)
        )
        if not (bare and id(block) not in empty_before):
            out.append(block)
    return tuple(out)
