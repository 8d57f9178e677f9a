"""Where sentences begin and end, as offsets into any text: no model, no dictionary, a few lists of abbreviations."""

import re

Span = tuple[int, int]
"""First code point and one past the last; neither end is white space."""

_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")
_STARTS_A_UNIT = re.compile(r"\s*(?:[-*+•·▪–]\s|\d{1,3}[.)]\s|[a-z][.)]\s|#{1,6}\s|\||>|```)")
"""A list item, heading, table row, quotation or fence begins something new whatever came before."""
_WHOLE_LINE = re.compile(r"\s*(?:#{1,6}\s|\||```)")
"""A heading, table row or fence ends with its line."""
_CLOSERS = "\"'”’»›)]}*_"
_LINE_END = re.compile(rf"[.!?…。！？।؟][{re.escape(_CLOSERS)}]*(?:\[\d+\])*\s*$")
# Runs are taken whole (lookbehind, possessive repeats): a million dots are looked at once, not once from each dot.
_CANDIDATE = re.compile(
    rf"(?<![.!?…؟।])(?P<mark>[.!?…؟।]++)(?P<closers>[{re.escape(_CLOSERS)}]*+)(?:\[\d+\])*+(?P<space>\s++)"
    rf"|(?P<wide>[。！？]+[{re.escape(_CLOSERS)}」』）]*)\s*"
)
_OPENERS = "\"'“‘«‹([{*_¿¡"
_LAST_WORD = re.compile(r"[^\s(\[{\"“‘'/—–]+$")
_LIST_NUMBER = re.compile(r"\s*(?:\d{1,3}|[a-z])\.$")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NEVER_LAST = _words(
    "mr mrs ms mx dr prof rev hon sir st ste gen col capt lt sgt maj cmdr fr e.g eg i.e ie cf viz vs approx ca c nb"
    " fig figs vol vols pp para paras sec ch ed eds art ref refs tel ext incl excl min max dept est mt ft"
)
"""What follows belongs to it: a name, a number, an example."""

BEFORE_NUMBER = _words("no nos p sect section item")
"""The same, where a figure follows."""

SOMETIMES_LAST = _words(
    "ltd inc plc co corp llc llp bros u.s u.k e.u u.s.a a.m p.m ph.d b.sc m.sc b.a m.a m.b.a d.phil etc al jr sr esq"
    " jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun govt univ assoc ave"
    " rd"
)
"""Ends the sentence only where a word follows that seldom goes on with a name."""

STARTERS = _words(
    "a about according after all also although an and another any are as at because before both but by can did do does"
    " during each either eligible every few first following for founded founders from funding he her here his how"
    " however i if in including instead is it its last later many more most much my new no none nor not now of on one"
    " only other our over people please several she since so some such than that the their then there these they this"
    " those through to today together two under until was we were what when where which while who whose why will with"
    " within without yes yet you your"
)
"""Words that begin a sentence far more often than they stand, capitalised, inside one."""


def split_sentences(text: str) -> tuple[Span, ...]:
    """Spans of the sentences in order; each character other than white space lies in exactly one.

    A blank line, a list item, a heading and the end of a line that ends in . ! or ? are boundaries; so is such a mark
    before a space and a capital, unless it belongs to an abbreviation, an initial or a number.
    """
    spans: list[Span] = []
    for start, end in _units(text):
        spans.extend(_split_unit(text, start, end))
    return tuple(spans)


def _units(text: str) -> list[Span]:
    """Runs of lines that may hold one sentence or several, but share none with their neighbours."""
    units: list[Span] = []
    open_at, last = -1, 0
    for line in _LINE.finditer(text):
        content = line.group()
        if open_at >= 0 and (_STARTS_A_UNIT.match(content) or _blank_between(text, last, line.start())):
            units.append((open_at, last))
            open_at = -1
        if not content.strip():
            continue
        open_at, last = (line.start() if open_at < 0 else open_at), line.end()
        if _LINE_END.search(content) or _WHOLE_LINE.match(content):
            units.append((open_at, last))
            open_at = -1
    if open_at >= 0:
        units.append((open_at, last))
    return units


def _blank_between(text: str, end: int, start: int) -> bool:
    return len(text[end:start].replace("\r\n", "\n")) > 1


def _split_unit(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    begin = start
    for match in _CANDIDATE.finditer(text, start, end):
        cut = match.end() if match["wide"] else match.start("space")
        if match["wide"] or _ends(text, begin, match, end):
            _add(spans, text, begin, cut)
            begin = match.end()
    _add(spans, text, begin, end)
    return spans


def _ends(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    """Whether the mark that was matched ends the sentence that began at `begin`."""
    following = text[match.end() : min(end, match.end() + 60)].lstrip(_OPENERS)
    if not following:
        return False
    first = following[0]
    if first.islower():
        return False
    if match["mark"] != ".":
        return True
    # Words are short: looking further back would make a long line cost the square of its length.
    if match.start() - begin < 8 and _LIST_NUMBER.match(text[begin : match.start() + 1]):
        return False
    found = _LAST_WORD.search(text[max(begin, match.start() - 24) : match.start()])
    return not found or _word_can_end(found.group().lower(), found.group(), following)


def _word_can_end(word: str, written: str, following: str) -> bool:
    next_word = re.match(r"[^\W\d_]+(?:['’][^\W\d_]+)?", following)
    starter = bool(next_word) and next_word is not None and next_word.group().lower() in STARTERS
    if word in NEVER_LAST:
        return False
    if word in BEFORE_NUMBER:
        return not following[0].isdigit()
    initial = len(written) == 1 and written.isupper()
    if initial or word in SOMETIMES_LAST or re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):
        return starter
    return True


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        first = start + len(piece) - len(piece.lstrip())
        spans.append((first, first + len(stripped)))
