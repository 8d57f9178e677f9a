"""The store: library.db (SQLite, the truth) and a Chroma folder over it. Nothing else in the project opens either."""

from rag.store.doctor import Finding, check
from rag.store.journal import Feedback, Rating, Unanswered
from rag.store.kept_answers import KeptAnswer, KeptAnswers
from rag.store.ledger import FetchRecord, Ledger
from rag.store.manifest import Manifest
from rag.store.places import Place
from rag.store.questions import HeldQuestion, PreparedQuestion
from rag.store.rows import SentenceRow
from rag.store.scored import Scored
from rag.store.selected import SelectedStore
from rag.store.store import Store, View, held_sources

__all__ = [
    "Feedback",
    "FetchRecord",
    "Finding",
    "HeldQuestion",
    "KeptAnswer",
    "KeptAnswers",
    "Ledger",
    "Manifest",
    "Place",
    "PreparedQuestion",
    "Rating",
    "Scored",
    "SelectedStore",
    "SentenceRow",
    "Store",
    "Unanswered",
    "View",
    "check",
    "held_sources",
]
