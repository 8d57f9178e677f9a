"""Sentences of documents that speak to a machine or carry markup: whatever they say, they are not quoted. Pure."""

import re

from rag.words import fold

_MARKUP = re.compile(
    r"!\[|\]\(|<[/!a-z][^<>]*>|<script|<iframe|\b(?:javascript|data):[^\s]|&lt;|\{\{|\}\}", re.IGNORECASE
)
_COMMAND = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules?|prompts?|guidelines|above|"
    r"sources|guidance)\b"
    r"|\b(?:system|developer|hidden) (?:prompt|message|instruction|override|note)\b|<\|?(?:system|im_start|assistant)"
    r"|^\W*(?:system|assistant|developer|admin(?:istrator)?)\s*:"
    r"|\b(?:ai|language) models?\b.{0,30}\b(?:must|should now|are to|reading this|summari[sz]ing)\b"
    r"|\b(?:note|notice|message|attention|instructions?) (?:to|for) (?:all |any )?(?:the )?"
    r"(?:language models?|ai|assistants?|chat ?bots?|crawlers?|llms?)\b"
    r"|\bif you are (?:an? )?(?:ai|llm|language model|assistant|chat ?bot|model)\b"
    r"|\b(?:new|updated) instructions?\b|\byou are now\b|\bfrom (?:now|here) on,? (?:you|answer|reply|say)\b"
    r"|\b(?:end|start|begin) of (?:document|passage|context|system)\b"
    r"|\b(?:assistant|chat ?bot|model|guide) (?:must|should|will now|shall)\b"
    r"|\btell the (?:reader|user)s? (?:to|that)\b"
    r"|^\W*(?:question|answer|user|human)\s*:|\bassistant\s*:"
    r"|\bdo not (?:tell|mention|cite|reveal)\b.{0,40}\b(?:user|reader|source|this)\b"
    r"|\b(?:do not|don't|never) (?:trust|believe|use|cite|quote)\b.{0,40}\b(?:documents?|sources?|passages?|pages?)\b"
    r"|\bonly this (?:one|document|page|source|passage) (?:is|can|may)\b"
    r"|\bend every (?:answer|reply|response)\b|\bin every (?:answer|reply|response)\b"
)


def is_hostile(sentence: str) -> bool:
    """Whether a sentence gives orders to a model, imitates a conversation's frame, or holds a link, image or tag."""
    return bool(_MARKUP.search(sentence) or _COMMAND.search(fold(sentence)))
