"""Who may embed the widget, and what each site is answered from. Pure: origins in, a permission out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from rag.config import Settings
from rag.errors import ConfigError

SWITCH_FILE = "widget.off"
"""A file of this name in the store switches the widget off while the server runs; its text is shown to readers."""
OFF_MESSAGE = "The guide is switched off here at the moment. Please try again later."
_EXAMPLE = "Write exact origins, as in: https://www.example.org https://other.example:8443=funding+skills"
_ORIGIN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::[0-9]{1,5})?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedPolicy:
    """The sites that may embed the widget, each with the themes it is answered from (none named: all)."""

    themes_by_origin: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    enabled: bool = True
    switch: Path = Path(SWITCH_FILE)
    """While this file is there the widget is off, whatever `enabled` says."""

    def allows(self, origin: str) -> bool:
        """Whether a page of this origin may embed; compared exactly, as browsers send it."""
        return origin in self.themes_by_origin

    def themes(self, origin: str) -> tuple[str, ...]:
        """The only themes that pages of the origin are answered from; empty for all."""
        return self.themes_by_origin.get(origin, ())

    def off_message(self) -> str | None:
        """What readers are told while the widget is off; None while it is on."""
        if self.switch.is_file():
            return self.switch.read_text(encoding="utf-8", errors="replace").strip()[:500] or OFF_MESSAGE
        return None if self.enabled else OFF_MESSAGE

    def frame_ancestors(self) -> str:
        """The content-security-policy directive for pages that an embedding site may put into a frame."""
        return " ".join(["frame-ancestors 'self'", *sorted(self.themes_by_origin)])


def read_policy(settings: Settings) -> EmbedPolicy:
    """The policy that the settings describe.

    Raises:
        ConfigError: an entry of WMAI_EMBED_ORIGINS is not an exact origin.
    """
    entries = [entry for entry in re.split(r"[\s,]+", settings.embed_origins) if entry]
    themes_by_origin: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        written, _, themes = entry.partition("=")
        themes_by_origin[exact_origin(written)] = tuple(theme for theme in themes.split("+") if theme)
    return EmbedPolicy(
        themes_by_origin=MappingProxyType(themes_by_origin),
        enabled=settings.embed_enabled,
        switch=settings.store / SWITCH_FILE,
    )


def exact_origin(written: str) -> str:
    """The origin as browsers send it: lower case, without a closing slash or the scheme's own port.

    Raises:
        ConfigError: it is a pattern, has a path, or is no http or https origin.
    """
    origin = written.lower().removesuffix("/")
    if not _ORIGIN.fullmatch(origin):
        raise ConfigError(f"WMAI_EMBED_ORIGINS holds {written!r}, which is not an exact origin.", _EXAMPLE)
    port = {"http": ":80", "https": ":443"}[urlsplit(origin).scheme]
    return origin.removesuffix(port)


def is_own(origin: str | None, host: str, fetch_site: str) -> bool:
    """Whether a request comes from this server's own pages, or from no page at all.

    `origin` and `fetch_site` are the headers Origin and Sec-Fetch-Site, which a page's script cannot set; `host` is
    the header Host. A form of our own may send `Origin: null`, because our pages give no referrer away.
    """
    if fetch_site in {"same-origin", "none"}:
        return True
    if origin is None:
        return fetch_site != "cross-site"
    parts = urlsplit(origin)
    return bool(parts.netloc) and _without_port(parts.netloc, parts.scheme) == _without_port(host, parts.scheme)


def _without_port(netloc: str, scheme: str) -> str:
    return netloc.lower().removesuffix({"http": ":80", "https": ":443"}.get(scheme, ""))
