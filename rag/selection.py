"""Which sources a question may be answered from: some themes, some places, the later ones, or all."""

from dataclasses import dataclass

from rag.types import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which sources count. An empty field allows everything; each field must allow a source."""

    themes: tuple[str, ...] = ()
    """Names of corpus folders, such as funding."""
    places: tuple[str, ...] = ()
    """Places that a source's front matter names, such as Coventry; upper and lower case are alike."""
    published_from: int | None = None
    """Earliest year of publication; it leaves out sources without a date."""

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.themes or self.places or self.published_from is not None)

    def holds(self, source: Source) -> bool:
        """Whether the source belongs to the selection."""
        places = {place.casefold() for place in self.places}
        return (
            (not self.themes or source.theme in self.themes)
            and (not places or any(place.casefold() in places for place in source.places))
            and (self.published_from is None or (source.published or "")[:4] >= f"{self.published_from:04}")
        )
