import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean_text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("cafe\u0301", "café"),
        ("trailing  \t\nspaces \n", "trailing\nspaces"),
        ("a\x00b\x1bc\x7fd", "abcd"),
        ("left\u202eright\u2066x\u2069", "leftrightx"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("soft\u00adhyphen", "softhyphen"),
        ("keep\ttabs and  double", "keep\ttabs and  double"),
        ("£1m 🤖 ویسٹ", "£1m 🤖 ویسٹ"),
    ],
)
def test_what_no_reader_sees_goes_and_the_rest_stays(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once
    once.encode("utf-8")
