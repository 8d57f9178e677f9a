"""Tells the e-mail address of an office, which may stay, from that of a private person, which may not."""

import re
from collections.abc import Collection, Iterable, Iterator

EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")

# Words of addresses that belong to a desk and not to a person.
_ROLE_WORDS = """
    accelerator admin advice ai apply apprenticeship apprenticeships business careers centre comms
    communications community complaints contact contactus data digital enquiries enquiry events feedback
    finance foi funding general grants growth hello help helpdesk hub info innovation invest investment jobs
    mail marketing media membership news newsletter office partnerships post press privacy programme projects
    protection reception recruitment research sales security service services skills startup startups student
    students support team training webmaster
"""
_ROLES = frozenset(_ROLE_WORDS.split())
_PERSON = re.compile(r"[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’.-]*){1,2}")


def emails(line: str) -> Iterator[str]:
    """Yield the e-mail addresses of a line."""
    for match in EMAIL.finditer(line):
        yield match.group().strip(".'")


def is_personal(address: str, entities: Iterable[str], known_words: Collection[str]) -> bool:
    """True where the part before the @ looks like a person's name: first.last, f.last or one out of `entities`.

    `known_words` are lower-case words (of places, topics, organisations) that are no names by themselves.
    A bare surname that no entity tells cannot be recognised and passes.
    """
    local = re.sub(r"\+.*", "", address.partition("@")[0].casefold())
    parts = [part for part in re.split(r"[^a-z]+", local) if part]
    if not parts or any(part in _ROLES for part in parts):
        return False
    joined = "".join(parts)
    if any(joined in shapes or any(part in shapes for part in parts) for shapes in map(_shapes, entities)):
        return True
    return 2 <= len(parts) <= 3 and len(parts[-1]) >= 2 and not all(part in known_words for part in parts)


def _shapes(entity: str) -> frozenset[str]:
    """The ways in which a person called `entity` may be written before the @; empty where it is no such name."""
    if not _PERSON.fullmatch(entity) or any(word.isupper() or not word[0].isupper() for word in entity.split()):
        return frozenset()
    words = re.findall(r"[a-z]+", entity.casefold().replace("'", "").replace("’", ""))
    if len(words) < 2 or any(word in _ROLES for word in words):
        return frozenset()
    first, last = words[0], words[-1]
    return frozenset(
        {first + last, first[0] + last, first + last[0], last + first, last + first[0]}
        | ({last} if last[3:] else set())
    )
