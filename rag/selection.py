"""Which sources a question may be answered from: some themes, some places, or all."""

from dataclasses import dataclass

from rag.types import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which sources count. An empty field allows everything; both fields must allow a source."""

    themes: tuple[str, ...] = ()
    """Names of corpus folders, such as funding."""
    places: tuple[str, ...] = ()
    """Places that a source's front matter names, such as Coventry; upper and lower case are alike."""

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.themes or self.places)

    def holds(self, source: Source) -> bool:
        """Whether the source belongs to the selection."""
        places = {place.casefold() for place in self.places}
        return (not self.themes or source.theme in self.themes) and (
            not places or any(place.casefold() in places for place in source.places)
        )
