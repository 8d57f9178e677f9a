"""The reader's networks: one that compares question and sentence piece by piece, and one that reads both as a pair."""

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import torch
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from rag.models.bundled import bundled_folder

QUESTION_TOKENS = 48
SENTENCE_TOKENS = 96
PAIR_TOKENS = 128
"""Longest inputs in word pieces; longer texts are cut, of a pair the sentence."""
LOWER_LAYERS = 3
"""Layers of the encoder, of six, that both networks share: two whole encoders would be twice as big."""

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


class Lower(Protocol):
    """What gives the pair network the state that it starts from."""

    tokenizer: Any

    @property
    def device(self) -> torch.device:
        """Where its tensors are."""

    def lower(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """The state after the shared layers, shape (n, t, d), of word pieces, shape (n, t)."""


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

    @property
    def device(self) -> torch.device:
        """Where its tensors are."""
        return self.scale.device

    def encode(self, texts: Sequence[str], tokens_max: int) -> Encoded:
        """All that a comparison needs of the texts."""
        batch = self.tokenizer(list(texts), padding=True, truncation=True, max_length=tokens_max, return_tensors="pt")
        batch = batch.to(self.device)
        special = torch.isin(batch["input_ids"], torch.tensor(self.tokenizer.all_special_ids, device=self.device))
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

    def lower(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """What the pair network starts from, shape (n, t, d): the state after the shared layers."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
        return states.hidden_states[LOWER_LAYERS]  # type: ignore[no-any-return]


class PairNetwork(torch.nn.Module):
    """Cross-encoder (Nogueira and Cho 2019): whether a sentence answers a question, from both in one text."""

    def __init__(self, reader: Reader) -> None:
        """Starts from the upper layers of a trained reader."""
        super().__init__()
        size = reader.encoder.config.hidden_size
        self.layers = copy.deepcopy(reader.encoder.encoder.layer[LOWER_LAYERS:])
        self.head = torch.nn.Sequential(torch.nn.Linear(size, size), torch.nn.Tanh(), torch.nn.Linear(size, 1))

    def forward(self, lower: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Logits, shape (n,), from the state after the shared layers and the mask of the pieces."""
        hidden = lower
        unseen = (1.0 - attention_mask.float())[:, None, None, :] * _NEVER
        for layer in self.layers:
            hidden = layer(hidden, unseen)
        weights = attention_mask.float()[..., None]
        return self.head((hidden * weights).sum(1) / weights.sum(1))[:, 0]  # type: ignore[no-any-return]


def pair_logits(
    reader: Lower, network: PairNetwork, questions: Sequence[str], sentences: Sequence[str]
) -> torch.Tensor:
    """Logits of the pairs, shape (pairs,); the shared layers are not learnt."""
    batch = reader.tokenizer(
        list(questions),
        list(sentences),
        padding=True,
        truncation="only_second",
        max_length=PAIR_TOKENS,
        return_token_type_ids=False,
        return_tensors="pt",
    ).to(reader.device)
    with torch.no_grad():
        lower = reader.lower(batch["input_ids"], batch["attention_mask"])
    return network(lower, batch["attention_mask"])  # type: ignore[no-any-return]
