"""The errors that a person may see. Each says what was found, what was wanted and what to do about it."""


class WmaiError(Exception):
    """Base of every error that the project raises on purpose.

    `message` names the value seen and the value wanted; `remedy` is the command or the change that mends it.
    """

    retryable = False

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class ConfigError(WmaiError):
    """A setting holds a value that cannot be used."""


class InvalidQuestion(WmaiError):
    """The question is empty, too long or not text."""


class PersonalDetails(WmaiError):
    """What was sent holds somebody's personal details, which are not kept."""


class StoreMissing(WmaiError):
    """There is no store at the place that was named."""


class StaleIndex(WmaiError):
    """The store was built by other settings (model, dimension, chunking, schema) than those in force."""


class StoreBroken(WmaiError):
    """The store is damaged in a way that opening it again does not mend."""


class StoreBusy(WmaiError):
    """Another process is writing to the store."""

    retryable = True


class ModelUnavailable(WmaiError):
    """A model could not be loaded, does not match its checksum or does not answer."""


class ChatFailed(WmaiError):
    """A chat model did not answer in time, or not in a form that can be read."""


class ChatBusy(ChatFailed):
    """A chat model could not answer just now: too many requests, a failure of its server, no connection."""

    retryable = True


class UnknownSource(WmaiError):
    """No source of that id is held."""


class UnknownPassage(WmaiError):
    """No passage of that id is in the build being read."""


class UnknownAnswer(WmaiError):
    """No answer is kept under that id."""


class NotKept(WmaiError):
    """The answer may not be kept: its question holds personal details."""
