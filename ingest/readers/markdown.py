"""Markdown by markdown-it: what a reader of the rendered page would see, less pictures and link targets."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.readers.errors import OversizedSource
from ingest.readers.extracted import Block
from ingest.readers.tables import rows_as_blocks

if TYPE_CHECKING:
    from markdown_it.token import Token

_TAG = re.compile(r"<[^<>]{0,2000}>")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)


def split_front_matter(text: str) -> tuple[str, str]:
    """The YAML between the fences at the head, empty where there are none, and what follows."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    found = _FRONT.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def read_markdown(text: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text without front matter. Raises OversizedSource."""
    from markdown_it import MarkdownIt

    try:
        return tuple(_blocks(MarkdownIt("commonmark").enable("table").parse(text)))
    except RecursionError as error:
        raise OversizedSource("The Markdown is nested too deeply.", "Save its text as a .txt file.") from error


def _blocks(tokens: "Sequence[Token]") -> Iterator[Block]:
    open_: list[str] = []
    table: list[list[str]] = []
    fresh_item, level = False, 0
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.nesting == 1:
            open_.append(name)
            level = int(token.tag[1]) if name == "heading" else 0
            fresh_item = fresh_item or name == "list_item"
            if name == "tr":
                table.append([])
        elif token.nesting == -1:
            open_.pop()
            if name == "table":
                yield from rows_as_blocks(table, header=True)
                table = []
        elif token.type == "inline" and table and "table" in open_:
            table[-1].append(_inline(token))
        elif token.type == "inline":
            yield _block(_inline(token), open_, level, fresh_item=fresh_item)
            fresh_item = False
        elif token.type in ("fence", "code_block"):
            yield Block("paragraph", " ".join(token.content.split()))
        elif token.type == "html_block":
            yield Block("paragraph", " ".join(_TAG.sub(" ", token.content).split()))


def _block(text: str, open_: Sequence[str], level: int, *, fresh_item: bool) -> Block:
    if level:
        return Block("heading", text, level)
    if "blockquote" in open_:
        return Block("quote", text)
    return Block("item" if "list_item" in open_ and fresh_item else "paragraph", text)


def _inline(token: "Token") -> str:
    parts: list[str] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return " ".join("".join(parts).split())
