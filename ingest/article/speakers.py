"""Who says what: the speaker's line beside a pull quote becomes part of it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.extracted import Block

PARAGRAPHS_MAX = 8
"""Paragraphs that one quotation may run over."""
_NAME_PART = r"(?:[A-ZÀ-ÖØ-Þ][\w'’.-]*|(?:van|von|de|der|den|di|da|al|bin|ap|ab|ó|mac)\b)"
_TITLE = r"(?:(?:Dr|Prof|Professor|Sir|Dame|Lord|Lady|Cllr|Councillor|Mr|Mrs|Ms|Mx|Rev|Baroness)\.? )?"
_NAME = rf"{_TITLE}{_NAME_PART}(?: {_NAME_PART}){{1,4}}(?: (?:OBE|MBE|CBE|MP|FRS|PhD|KC))*"
_NAME_LINE = re.compile(rf"({_NAME}),")
_ROLE_WORDS = (
    r"(?:head|director|chief|officer|manager|lead|leader|chair|chairman|chairwoman|president|founder|co-founder|partner|professor"
    r"|mayor|minister|secretary|commissioner|ceo|cto|cfo|coo|cio|md|executive|principal|dean|analyst|engineer|researcher"
    r"|consultant|councillor|spokesperson|spokeswoman|spokesman|owner|editor|lecturer|fellow|student|vice|strategist|adviser"
    r"|advisor|specialist|scientist|developer|member|coordinator|ambassador|champion|architect)"
)
_ROLE_LINE = re.compile(rf"(?=.*\b{_ROLE_WORDS}\b)[^.!?“”\"]{{3,140}}", re.IGNORECASE)
_FULL_LINE = re.compile(rf"[—–-]?\s*({_NAME}), ((?=.*\b{_ROLE_WORDS}\b)[^.!?“”\"]{{3,140}})", re.IGNORECASE)
_FULL_LINE_CASED = re.compile(rf"[—–-]?\s*{_NAME}, ")
_OPENS = ("“", '"', "‘", "«", "„")
_CLOSES = ("”", '"', "’", "»")


def bind_speakers(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with each speaker's line joined to the quotation that it introduces, or else to the one it follows.

    "Name,⏎Role, Company" before a quotation gives "Name, Role, Company: “…”", after one "“…” — Name, Role, Company".
    """
    out: list[Block] = []
    index = 0
    blocks = [_split_quote(block) for block in blocks]
    while index < len(blocks):
        speaker, length = _speaker(blocks, index)
        if not speaker:
            out.append(blocks[index])
            index += 1
            continue
        following = index + length
        quoted = _quotation(blocks, following)
        if quoted == 0 and out and _is_quote(out[-1]) and not _has_speaker(out[-1].text):
            out[-1] = replace(out[-1], text=f"{out[-1].text} — {speaker}")
            index = following
        elif quoted or (length == 2 and following < len(blocks) and _is_prose(blocks[following])):
            parts = blocks[following : following + max(quoted, 1)]
            text = f"{speaker}: {' '.join(part.text for part in parts)}"
            out.append(Block("quote" if quoted else "paragraph", text, page=blocks[index].page))
            index = following + len(parts)
        else:
            out.append(Block("paragraph", speaker, page=blocks[index].page))
            index = following
    return tuple(out)


def byline(blocks: Sequence[Block]) -> str:
    """The name in a line such as "By Jane Smith" near the top; empty where there is none."""
    for block in blocks[:8]:
        found = re.match(
            rf"(?:[Ww]ritten |[Pp]osted |[Ww]ords )?[Bb][Yy]:? ({_NAME})(?:$|,| and | \||\s+on\b|\s*[-–—|])", block.text
        )
        if found and len(block.text) <= 120:
            return found[1]
    return ""


def _speaker(blocks: Sequence[Block], index: int) -> tuple[str, int]:
    """The speaker named from here on, and over how many blocks; ("", 0) where none is."""
    text = blocks[index].text.strip()
    if blocks[index].kind not in ("paragraph", "heading", "quote", "item") or len(text) > 200:
        return "", 0
    lines = [line.strip() for line in text.split("\n")]
    if len(lines) == 2 and _NAME_LINE.fullmatch(lines[0]) and _is_role(lines[1]):
        return f"{lines[0]} {lines[1].rstrip(',')}", 1
    if _NAME_LINE.fullmatch(text) and index + 1 < len(blocks) and _is_role(blocks[index + 1].text.strip()):
        return f"{text} {blocks[index + 1].text.strip().rstrip(',:')}", 2
    if len(lines) == 1 and _FULL_LINE.fullmatch(text) and _FULL_LINE_CASED.match(text):
        beside = _quotation(blocks, index + 1) or (index > 0 and _is_quote(blocks[index - 1]))
        return (text.lstrip("—–- ").rstrip(",:"), 1) if beside else ("", 0)
    return "", 0


def _is_role(text: str) -> bool:
    """A role with its company: words without a full stop, one of which is a role, or two parts with a comma."""
    if not text or len(text) > 140 or text.startswith(_OPENS) or re.search(r"[.!?]$", text):
        return False
    return bool(_ROLE_LINE.fullmatch(text)) or bool(
        re.fullmatch(r"[A-Z][^.!?,“”\"]{2,60}, [A-Z][^.!?“”\"]{1,60}", text)
    )


def _quotation(blocks: Sequence[Block], index: int) -> int:
    """How many blocks from here on are one quotation; 0 where none begins."""
    if index >= len(blocks) or not _opens(blocks[index]):
        return 0
    length = 1
    while (
        length < PARAGRAPHS_MAX
        and index + length < len(blocks)
        and not blocks[index + length - 1].text.rstrip().endswith(_CLOSES)
        and _opens(blocks[index + length])
    ):
        length += 1
    return length


def _opens(block: Block) -> bool:
    return block.kind == "quote" or (block.kind == "paragraph" and block.text.lstrip().startswith(_OPENS))


def _is_quote(block: Block) -> bool:
    closed = block.text.rstrip().endswith(_CLOSES) and block.text.lstrip().startswith(_OPENS)
    return block.kind == "quote" or (block.kind == "paragraph" and closed)


def _has_speaker(text: str) -> bool:
    return " — " in text[-200:] or bool(re.match(rf"{_NAME}, [^“\"]{{3,150}}: ", text))


def _is_prose(block: Block) -> bool:
    return block.kind == "paragraph" and block.text.rstrip().endswith((".", "!", "?", *_CLOSES))


def _split_quote(block: Block) -> Block:
    """A quotation whose last line names the speaker, put on one line."""
    lines = [line.strip() for line in block.text.split("\n") if line.strip()]
    if block.kind != "quote" or len(lines) < 2:
        return block if len(lines) < 2 else replace(block, text="\n".join(lines))
    for count in (1, 2):
        said, speaker = lines[:-count], " ".join(lines[-count:]).lstrip("—–- ")
        if said and len(speaker) <= 200 and _FULL_LINE.fullmatch(speaker) and _FULL_LINE_CASED.match(speaker):
            return replace(block, text=f"{' '.join(said)} — {speaker}")
    return replace(block, text=" ".join(lines))
