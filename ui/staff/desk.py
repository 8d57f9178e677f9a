"""What staff can do, whichever way they ask: look, add after a preview, retire, restore, fetch again."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath

from ingest.fetch.errors import FetchError
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.intake import prepare_bytes, prepare_url, publish
from ingest.fetch.prepared import Prepared
from ingest.fetch.refresh import refresh
from ingest.overrides import said_anew
from ingest.progress import Progress
from ingest.readers import RefusedSource
from ingest.sync import correct_source, remove_sources, restore_sources
from rag.config import Settings
from rag.errors import ConfigError
from rag.store import Feedback, FetchRecord, Ledger, held_sources
from rag.types import Passage
from ui.staff.drafts import Draft, Drafts
from ui.staff.errors import NothingHere, UnusableSource
from ui.staff.jobs import Job, Jobs
from ui.staff.records import SourceRow, UnansweredGroup, matching, source_rows, unanswered_groups
from ui.turnstile import Turnstile

METADATA = (
    "title",
    "publisher",
    "author",
    "url",
    "published",
    "valid_until",
    "status",
    "language",
    "topics",
    "places",
    "licence",
)
"""What can be mended in a preview, under the names of front matter."""
QUESTIONS_READ = 5_000
FEEDBACK_SHOWN = 200
LOCK_TIMEOUT_S = 120.0
"""How long a job waits for an index run that someone started on the command line."""


class Desk:
    """One desk a server; safe to use from several threads."""

    def __init__(self, settings: Settings, pipeline: Turnstile) -> None:
        self._settings = settings.model_copy(update={"lock_timeout_s": max(settings.lock_timeout_s, LOCK_TIMEOUT_S)})
        self._store = pipeline.store
        self._ledger = Ledger(settings.store)
        self._fetcher = Fetcher(settings)
        self.drafts = Drafts()
        self.jobs = Jobs()

    def sources(self, words: str, state: str) -> tuple[tuple[SourceRow, ...], int]:
        """The sources that match, the most cited first, and how many there are altogether."""
        rows = self._rows()
        return matching(rows, words, state), len(rows)

    def source(self, source_id: str) -> tuple[SourceRow, tuple[Passage, ...], tuple[FetchRecord, ...]]:
        """One source with its passages and fetches. Raises UnknownSource."""
        self._store.refresh()
        view = self._store.view()
        view.source(source_id)
        row = next(row for row in self._rows() if row.source.id == source_id)
        return row, view.source_passages(source_id), self._ledger.fetches(source_id)

    def unanswered(self) -> tuple[UnansweredGroup, ...]:
        """What was asked in vain, the most asked first."""
        return unanswered_groups(self._store.unanswered(QUESTIONS_READ), self._store.view())

    def feedback(self) -> tuple[Feedback, ...]:
        """What readers thought of answers, newest first."""
        return self._store.feedback(FEEDBACK_SHOWN)

    def draft_from_url(self, url: str) -> Draft:
        """Fetch a page and hold it for a look. Raises UnusableSource."""
        with _unusable():
            return self._drafted(prepare_url(self._settings, self._fetcher, url))

    def draft_from_file(self, data: bytes, name: str, content_type: str) -> Draft:
        """Read a file and hold it for a look. Raises UnusableSource."""
        if not data:
            raise UnusableSource("The file is empty.", "Choose another.")
        # A browser may send a path, and a name is all that is wanted of it.
        plain = PurePath(name.replace("\\", "/")).name or "upload"
        with _unusable():
            return self._drafted(prepare_bytes(self._settings, data, plain, content_type))

    def publish(self, draft_id: str, given: Mapping[str, str]) -> Job:
        """Take a draft into the index with what was mended. Raises NothingHere, UnusableSource."""
        draft = self.drafts.find(draft_id)
        with _unusable():
            mended = draft.prepared.mended({name: value.strip() for name, value in given.items() if name in METADATA})
        self.drafts.drop(draft_id)
        title = f"Publish {mended.document.source.title}"
        return self._job(title, lambda progress: (publish(self._settings, (mended,), progress).summary(),))

    def correct(self, source_id: str, given: Mapping[str, str]) -> Job:
        """Put what was mended before what the source says of itself. Raises UnknownSource, UnusableSource."""
        self._store.refresh()
        source = self._store.view().source(source_id)
        said = {name: value for name, value in given.items() if name in METADATA}
        with _unusable():
            said_anew(source, said)
        return self._job(
            f"Correct {source.title}",
            lambda progress: (correct_source(self._settings, source_id, said, progress=progress).summary(),),
        )

    def act(self, source_id: str, action: str) -> Job:
        """Retire, restore or refresh a source. Raises UnknownSource, NothingHere for another action."""
        self._store.refresh()
        title = self._store.view().source(source_id).title
        work: dict[str, tuple[str, Callable[[Progress], tuple[str, ...]]]] = {
            "retire": (
                f"Retire {title}",
                lambda progress: (remove_sources(self._settings, (source_id,), progress=progress).summary(),),
            ),
            "restore": (
                f"Restore {title}",
                lambda progress: (restore_sources(self._settings, (source_id,), progress=progress).summary(),),
            ),
            "refresh": (
                f"Fetch {title} again",
                lambda progress: refresh(self._settings, (source_id,), self._fetcher, progress).lines(),
            ),
        }
        if action not in work:
            raise NothingHere(
                f"Nothing is called {action[:40]!r} here.", "A source can be retired, restored, refreshed."
            )
        return self._job(*work[action])

    def _job(self, title: str, work: Callable[[Progress], tuple[str, ...]]) -> Job:
        def run(progress: Progress) -> tuple[str, ...]:
            try:
                return work(progress)
            finally:
                # The next question would see the new build anyway; this lets go of the old one's files now.
                self._store.refresh()

        return self.jobs.submit(title, run)

    def _drafted(self, prepared: Prepared) -> Draft:
        held = prepared.document.source.id in held_sources(self._settings)
        return self.drafts.put(Draft(prepared, replaces=held))

    def _rows(self) -> tuple[SourceRow, ...]:
        self._store.refresh()
        return source_rows(self._store.view(), held_sources(self._settings), self._ledger.citations())


@contextmanager
def _unusable() -> Iterator[None]:
    """What a page or file is refused for is a fault of what was given, not of the server."""
    try:
        yield
    except (ConfigError, FetchError, RefusedSource) as error:
        raise UnusableSource(error.message, error.remedy) from error
