"""What can go wrong with a fetch, each with the address, what was found and what to do about it."""

from rag.errors import WmaiError


class FetchError(WmaiError):
    """A page could not be had. `url` is the address that was asked for when it happened."""

    def __init__(self, url: str, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.url = url


class UrlRefused(FetchError):
    """The address is not one that is ever asked: not http or https, with a password in it, or malformed."""


class AddressRefused(FetchError):
    """The name leads to an address inside a private network, or to one that no public page is served from."""


class NameUnresolved(FetchError):
    """The name of the server is not known."""

    retryable = True


class FetchTimeout(FetchError):
    """The server took longer than the settings allow."""

    retryable = True


class BodyTooLarge(FetchError):
    """The page, as sent or unpacked, is larger than the settings allow."""


class TransferBroken(FetchError):
    """The connection failed, broke off, or carried something that is not the protocol."""

    retryable = True


class RedirectRefused(FetchError):
    """The server leads on too often, or to nowhere."""


class RobotsRefused(FetchError):
    """The site asks programs not to read this page."""


class HttpFailure(FetchError):
    """The server answered with a status that carries no page."""

    def __init__(self, url: str, status: int, message: str, remedy: str = "") -> None:
        super().__init__(url, message, remedy)
        self.status = status


class PageMissing(HttpFailure):
    """The server says that there is no such page (404) or that it has been taken away (410)."""


class Throttled(HttpFailure):
    """The server asks to be left alone for `retry_after_s` seconds, longer than the settings wait."""

    retryable = True

    def __init__(self, url: str, status: int, retry_after_s: float) -> None:
        super().__init__(
            url,
            status,
            f"{url} asks for {retry_after_s:.0f} s of quiet (status {status}).",
            "Try again after that, or raise WMAI_FETCH_RETRY_AFTER_MAX_S.",
        )
        self.retry_after_s = retry_after_s


class ListUnreadable(FetchError):
    """A feed, a sitemap or a list of sources cannot be taken apart."""
