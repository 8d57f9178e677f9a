"""What a page says about itself: JSON-LD first, then OpenGraph and other meta elements, then links and time."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from ingest.word_list import words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLES = words(
    "AdvertiserContentArticle AnalysisNewsArticle Article BlogPosting Event GovernmentService LiveBlogPosting"
    " NewsArticle OpinionNewsArticle Report ReportageNewsArticle ScholarlyArticle SocialMediaPosting TechArticle"
)
_PAGES = words("AboutPage CollectionPage FAQPage ItemPage WebPage")
_META = {
    "title": ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title"),
    "publisher": ("og:site_name", "dc.publisher", "dcterms.publisher", "citation_publisher", "application-name"),
    "author": ("author", "dc.creator", "dcterms.creator", "citation_author", "parsely-author", "article:author"),
    "published": (
        "article:published_time",
        "og:published_time",
        "datepublished",
        "dc.date.issued",
        "dcterms.issued",
        "dc.date",
        "dcterms.date",
        "date",
        "pubdate",
        "publish-date",
        "parsely-pub-date",
        "sailthru.date",
        "citation_publication_date",
    ),
    "url": ("og:url",),
    "language": ("dc.language", "content-language"),
}
_JSON_CHARS_MAX = 500_000


def html_metadata(tree: "HtmlElement", url: str | None) -> dict[str, str]:
    """What was found, by field of Extracted; nothing is made up. `url` is the address that was fetched."""
    found = dict(_from_meta(tree))
    found.update(_from_json_ld(tree))
    canonical = _canonical(tree, found.get("url", ""), url)
    found.pop("url", None)
    if canonical:
        found["url"] = canonical
    # A page's own language attribute is set by its template and is right more often than its meta elements.
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or found.get("language")
    if language:
        found["language"] = language
    found.setdefault("published", _time(tree))
    heading = tree.find(".//h1")
    if "title" not in found and heading is not None:
        found["title"] = heading.text_content()
    if "title" not in found:
        found["title"] = tree.findtext(".//title") or ""
    if found.get("author", "").startswith(("http://", "https://")):
        del found["author"]
    return {key: " ".join(value.split()) for key, value in found.items() if value and value.strip()}


def _from_meta(tree: "HtmlElement") -> Iterator[tuple[str, str]]:
    values: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = (element.get("content") or "").strip()
        if name and content:
            values.setdefault(name.strip().lower(), content)
    for field, names in _META.items():
        value = next((values[name] for name in names if name in values), None)
        if value:
            yield field, value


def _from_json_ld(tree: "HtmlElement") -> dict[str, str]:
    things = [thing for script in _scripts(tree) for thing in _things(script, 0)]
    for kinds in (_ARTICLES, _PAGES):
        for thing in things:
            if kinds & set(_types(thing)):
                return dict(_fields(thing, things))
    return {}


def _scripts(tree: "HtmlElement") -> Iterator[Any]:
    for element in tree.iter("script"):
        text = element.text or ""
        if "ld+json" in (element.get("type") or "") and len(text) <= _JSON_CHARS_MAX:
            try:
                yield json.loads(text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
            except (ValueError, RecursionError):
                continue


def _things(value: Any, depth: int) -> Iterator[dict[str, Any]]:  # noqa: ANN401  JSON of any shape
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value[:100]:
            yield from _things(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        yield from _things(value.get("@graph"), depth + 1)


def _types(thing: Mapping[str, Any]) -> list[str]:
    kinds = thing.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _fields(thing: Mapping[str, Any], things: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for field, keys in (
        ("title", ("headline", "name")),
        ("publisher", ("publisher",)),
        ("author", ("author", "creator")),
        ("published", ("datePublished", "dateCreated")),
        ("url", ("mainEntityOfPage", "url")),
        ("language", ("inLanguage",)),
    ):
        value = next((found for key in keys if (found := _name(thing.get(key), things, field))), "")
        if value:
            yield field, value


def _name(value: Any, things: list[dict[str, Any]], field: str) -> str:  # noqa: ANN401  JSON of any shape
    """The text of a value: itself, the name of a thing, or the names of several."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        names = [_name(item, things, field) for item in value[:5] if not isinstance(item, list)]
        return ", ".join(dict.fromkeys(filter(None, names))) if field == "author" else next(filter(None, names), "")
    if isinstance(value, dict):
        key = "@id" if field == "url" else "name"
        if isinstance(value.get(key), str):
            return str(value[key]).strip()
        same = next((thing for thing in things if thing is not value and thing.get("@id") == value.get("@id")), None)
        if same is not None and isinstance(same.get("name"), str) and field != "url":
            return str(same["name"]).strip()
    return ""


def _canonical(tree: "HtmlElement", claimed: str, url: str | None) -> str:
    """The page's own address; a page may speak for its own site only, so another host is not believed."""
    link = next((e.get("href") for e in tree.iter("link") if "canonical" in (e.get("rel") or "").lower().split()), None)
    for candidate in (link, claimed):
        if not candidate:
            continue
        try:
            full = urljoin(url or "", candidate.strip())
            parts = urlsplit(full)
            own = not url or _site(parts.hostname or "") == _site(urlsplit(url).hostname or "")
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and own and not parts.username:
            return str(full)
    return ""


def _site(host: str) -> str:
    return host.lower().removeprefix("www.").removeprefix("m.").removeprefix("amp.")


def _time(tree: "HtmlElement") -> str:
    for element in tree.iter("time"):
        marks = f"{element.get('itemprop', '')} {element.get('class', '')}".lower()
        if element.get("datetime") and (
            "publish" in marks or "entry-date" in marks or element.get("pubdate") is not None
        ):
            return str(element.get("datetime"))
    return ""
