"""A store of six one-sentence documents, and what tests ask of it."""

from rag.config import Settings
from rag.models import load_embedder
from rag.store import Store
from rag.store.schema import open_library
from rag.types import Document, Source

FACTS = (
    "Coventry has a seed fund for robots.",
    "Dudley lends money to foundries.",
    "Walsall trains nurses to read scans.",
    "Telford hosts a data centre.",
    "Stafford keeps a register of drones.",
    "Solihull tests cars that drive themselves.",
)


def document(number: int, text: str) -> Document:
    source = Source(
        id=f"source-{number}",
        title=f"Report {number}",
        publisher="Test Press",
        url=f"https://example.org/{number}",
        recorded="2026-11-22",
        entities=("Aston", f"Body {number}"),
    )
    return Document(source=source, text=text)


def documents(count: int = 6) -> list[Document]:
    return [document(number, text) for number, text in enumerate(FACTS[:count])]


def meta(settings: Settings, key: str) -> str:
    connection = open_library(settings.store)
    try:
        return str(connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])
    finally:
        connection.close()


def nearest(store: Store, settings: Settings, question: str) -> list[tuple[str, float]]:
    """Texts of the nearest passages with their similarities."""
    (vector,) = load_embedder(settings).embed_queries([question])
    return [(store.passages([id_])[0].text, score) for id_, score in store.query_vectors(vector, 3)]
