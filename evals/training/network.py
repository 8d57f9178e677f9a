"""The reader's network: one encoder for question and sentence, compared as wholes and word piece by word piece."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from rag.models.bundled import bundled_folder

QUESTION_TOKENS = 48
SENTENCE_TOKENS = 96
"""Longest inputs in word pieces; longer texts are cut."""

_LOGIT_SCALE = 10.0
"""Where the two learnt scales of the similarities start; cosines alone make too soft a softmax."""
_NEVER = -1e4


class Encoded(NamedTuple):
    """A batch of texts: n texts of at most t word pieces, d dimensions."""

    mean: torch.Tensor
    """(n, d), unit length."""
    pieces: torch.Tensor
    """(n, t, d), unit length."""
    mask: torch.Tensor
    """(n, t): 1 where a piece counts, 0 for padding and special ones."""
    importance: torch.Tensor
    """(n, t): logits; their softmax over counting pieces weighs a question's pieces."""


class Reader(torch.nn.Module):
    """Late interaction (ColBERT, Khattab and Zaharia 2020) with learnt weights on the question's pieces."""

    def __init__(self) -> None:
        super().__init__()
        folder = bundled_folder()
        self.encoder = AutoModel.from_pretrained(folder)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.importance = torch.nn.Linear(self.encoder.config.hidden_size, 1)
        torch.nn.init.zeros_(self.importance.weight)
        torch.nn.init.zeros_(self.importance.bias)
        self.scale = torch.nn.Parameter(torch.tensor([_LOGIT_SCALE, _LOGIT_SCALE]))

    def encode(self, texts: Sequence[str], tokens_max: int) -> Encoded:
        """All that a comparison needs of the texts."""
        batch = self.tokenizer(list(texts), padding=True, truncation=True, max_length=tokens_max, return_tensors="pt")
        batch = batch.to(self.scale.device)
        special = torch.isin(batch["input_ids"], torch.tensor(self.tokenizer.all_special_ids, device=self.scale.device))
        return self.encode_ids(batch["input_ids"], batch["attention_mask"], (~special).float())

    def encode_ids(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, counts: torch.Tensor) -> Encoded:
        """The same from word pieces, shape (n, t) each; `counts` is 0 for special pieces."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = attention_mask.float()[..., None]
        mean = functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1)
        return Encoded(
            mean=mean,
            pieces=functional.normalize(hidden, dim=-1),
            mask=attention_mask.float() * counts,
            importance=self.importance(hidden)[..., 0],
        )

    def score(self, questions: Encoded, sentences: Encoded) -> torch.Tensor:
        """Logits of every sentence for every question, shape (questions, sentences)."""
        weights = questions.importance.masked_fill(questions.mask == 0, _NEVER).softmax(-1)
        similarity = torch.einsum("bqh,dth->bdqt", questions.pieces, sentences.pieces)
        best = similarity.masked_fill(sentences.mask[None, :, None, :] == 0, _NEVER).amax(-1)
        matched = (best * weights[:, None, :]).sum(-1)
        return self.scale[0] * (questions.mean @ sentences.mean.T) + self.scale[1] * matched
