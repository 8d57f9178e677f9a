"""By what questions can be narrowed: themes, places and years of publication, as the sources held have them. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter

from rag.selection import Selection
from rag.types import Source
from rag.wire import Json


def theme_label(theme: str, names: Mapping[str, str]) -> str:
    """The name of a theme as readers see it; the words of its folder where the vocabulary, `names`, has none."""
    return names.get(theme) or theme.replace("-", " ").capitalize()


def facets(sources: Sequence[Source], names: Mapping[str, str]) -> Json:
    """Themes and places by name and years from the latest, each with `value`, `label` and the number of `sources`.

    The number beside a year counts the sources published in it or later; `names` are those of themes.
    """
    themes = Counter(source.theme for source in sources if source.theme)
    places = Counter(place for source in sources for place in dict.fromkeys(source.places))
    years = Counter(source.published[:4] for source in sources if source.published)
    later = 0
    since = []
    for year in sorted(years, reverse=True):
        later += years[year]
        since.append({"value": year, "label": f"From {year}", "sources": later})
    return {
        "themes": sorted(
            (_option(theme, theme_label(theme, names), themes[theme]) for theme in themes), key=itemgetter("label")
        ),
        "places": [_option(place, place, places[place]) for place in sorted(places)],
        "published_from": since,
    }


def within(selection: Selection, names: Mapping[str, str]) -> str:
    """What a question was narrowed to, such as "Skills; Coventry; from 2023"; empty where it was not."""
    themes = [theme_label(theme, names) for theme in selection.themes]
    year = [f"from {selection.published_from}"] if selection.published_from is not None else []
    # Names have commas in them.
    return "; ".join([*themes, *selection.places, *year])


def _option(value: str, label: str, sources: int) -> Json:
    return {"value": value, "label": label, "sources": sources}
