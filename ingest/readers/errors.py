"""Why a file is not taken. The message is a line for the report of a run; it never quotes more than a name."""

from rag.errors import WmaiError


class RefusedSource(WmaiError):
    """Base: nothing of the file is taken; the others of the run are not touched by it."""


class UnknownFormat(RefusedSource):
    """The bytes are of no format that is read, or of another than the name or the server says."""


class AmbiguousFormat(RefusedSource):
    """The bytes are of two formats at once, so that two programs would see two documents."""


class EncryptedSource(RefusedSource):
    """The file is locked with a password."""


class MacroSource(RefusedSource):
    """The file carries a program."""


class OversizedSource(RefusedSource):
    """The file, unpacked, is larger, deeper, or takes longer than the settings allow."""


class DamagedSource(RefusedSource):
    """The file is torn or does not keep to its format."""


class ReaderEnded(DamagedSource):
    """The reading process ended over the file, and not by one of its limits."""


class EmptySource(RefusedSource):
    """There is no text in it to take, as in a scanned page."""
