"""The prompt for a small chat model: the sentences that the reader thinks best, one worked example, and a grammar.

A model of 135 million parameters loses a question among a thousand tokens, forgets to name its passages and goes on
until it is stopped. Here it has little to read, sees the form once, and where its server can hold it to a grammar it
can name only passages that it was shown. What it says is still its own, and goes through the same gate.
"""

import json
from collections.abc import Sequence

from rag.features import Candidate
from rag.generate.prompt import REFUSAL, SPARE, Excerpt, Prompt, as_data, block, filled, opaque_id
from rag.tokens import count_tokens

SENTENCES = 3
"""Sentences shown: for nine in ten answerable questions the reader has the answer among five (rag/fitted.json)."""
ANSWER_TOKENS = 128
"""Most tokens of a reply: two sentences of a source with their ids."""
_GRAMMAR = r"""root ::= refusal | sentence (" " sentence)?
refusal ::= {refusal}
sentence ::= [^\[\]<>【】 \n] [^\[\]<>【】\n]+ [.!?] " [" id "]"
id ::= {ids}
"""
"""Up to two sentences, each with the id of a passage that is shown, or the refusal; GBNF of llama.cpp."""


def short_prompt(question: str, best: Sequence[Candidate], context_tokens: int, answer_tokens: int) -> Prompt:
    """The prompt with the first of `best`, best first, that the context holds; those of one passage stand together."""
    answer_tokens = min(answer_tokens, ANSWER_TOKENS)
    head = (
        ("system", filled("short_system", {"refusal": REFUSAL})),
        ("user", filled("short_example", {})),
        ("assistant", filled("short_example_reply", {})),
    )
    left = int(context_tokens * SPARE) - answer_tokens - sum(count_tokens(text) for _, text in head)
    shown: dict[str, list[Candidate]] = {}
    for candidate in best[:SENTENCES]:
        left -= count_tokens(candidate.text + candidate.source.title + candidate.source.publisher) + 40
        if left > count_tokens(question):
            shown.setdefault(candidate.passage.id, []).append(candidate)
    excerpts = []
    blocks = []
    for candidates in shown.values():
        first = candidates[0]
        excerpt = Excerpt(opaque_id(question, first.passage), first.passage, first.source)
        excerpts.append(excerpt)
        blocks.append(block(excerpt, [candidate.text for candidate in candidates]))
    asked = filled("short", {"passages": "\n\n".join(blocks), "question": as_data(question)})
    return Prompt((*head, ("user", asked)), tuple(excerpts), answer_tokens, _grammar(excerpts))


def _grammar(excerpts: Sequence[Excerpt]) -> str:
    ids = " | ".join(json.dumps(excerpt.id) for excerpt in excerpts)
    return _GRAMMAR.format(refusal=json.dumps(REFUSAL), ids=ids)
