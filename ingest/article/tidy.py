"""From the blocks that a reader found to those of the article: nags out, speakers bound to what they say. Pure."""

from collections.abc import Sequence

from ingest.article.nags import without_nags
from ingest.article.speakers import bind_speakers
from ingest.readers.extracted import Block


def tidy(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of the article, in their order."""
    return bind_speakers(without_nags(tuple(block for block in blocks if block.text.strip())))
