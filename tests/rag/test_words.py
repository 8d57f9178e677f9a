"""Folding, tokens and stems; and that threads do not get each other's stems."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.words import fold, is_content, stem, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KPMG’s £12.5m fund", ["kpmg", "12.5m", "fund"]),
        ("Co‑Investment — 1,200 jobs", ["co", "investment", "1,200", "jobs"]),
        ("don't 35% AI", ["don't", "35", "ai"]),
        ("ﬁrst ＡＩ", ["first", "ai"]),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_fold_is_the_same_twice() -> None:
    assert fold(fold("“Ａ”  –  B")) == fold("“Ａ”  –  B") == '"a" - b'


def test_words_of_grammar_are_no_content() -> None:
    assert [word for word in tokens("who is the head of it") if is_content(word)] == ["head"]


def test_threads_do_not_mix_up_stems() -> None:
    words = [f"{first}{second}ational" for first in "bcdfghjklmnp" for second in ("a", "e", "i", "o", "u") * 4]
    stem.cache_clear()
    alone = {word: stem(word) for word in words}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(20):
            stem.cache_clear()
            with ThreadPoolExecutor(max_workers=8) as pool:
                assert dict(zip(words, pool.map(stem, words), strict=True)) == alone
    finally:
        sys.setswitchinterval(before)
