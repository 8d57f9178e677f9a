"""The validator of the corpus, behind `wmai sources check`."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from ingest.body_rules import body_problems
from ingest.briefing import Briefing, BriefingError, Problem, parse_file
from ingest.email_rule import emails, is_personal
from ingest.questions import QUESTIONS, question_problems
from ingest.vocabulary import UnknownTermError, Vocabulary, VocabularyError, load_vocabulary

__all__ = ["Problem", "check_briefing", "check_corpus"]

VOCABULARY = "vocabulary.yaml"
_BESIDE = frozenset({VOCABULARY, QUESTIONS, "README.md"})
"""Files that lie in the corpus folder itself."""


def check_corpus(path: Path, today: date | None = None) -> tuple[Problem, ...]:
    """Return everything that is wrong with the corpus in folder `path`, by file and line; empty when it is sound.

    `today` is the day that dates are held against, by default the day of the call. Raises OSError where a file
    cannot be read.
    """
    if not path.is_dir():
        return (Problem(path, 1, "There is no such folder.", "Name the folder that holds vocabulary.yaml."),)
    try:
        vocabulary = load_vocabulary(path / VOCABULARY)
    except VocabularyError as error:
        return (Problem(path / VOCABULARY, 1, error.message, error.remedy),)
    found: list[Problem] = []
    briefings: list[Briefing] = []
    for file in _files(path):
        misplaced = _misplaced(path, file, vocabulary)
        if misplaced:
            found.append(misplaced)
            continue
        try:
            briefing = parse_file(file)
        except BriefingError as error:
            found += error.problems
            continue
        briefings.append(briefing)
        found += check_briefing(briefing, vocabulary, today)
    found += _duplicates(briefings)
    found += question_problems(path / QUESTIONS, briefings)
    if not briefings and not found:
        found.append(Problem(path, 1, "There are no briefings.", "Add one as corpus/README.md shows."))
    return tuple(sorted(found, key=lambda problem: (problem.file, problem.line)))


def check_briefing(briefing: Briefing, vocabulary: Vocabulary, today: date | None = None) -> tuple[Problem, ...]:
    """Return what is wrong with one briefing, apart from what only its neighbours tell (ids and URLs used twice)."""
    return (
        *_name(briefing),
        *_terms(briefing, vocabulary),
        *_dates(briefing, today or date.today()),
        *_addresses(briefing, vocabulary),
        *body_problems(briefing),
    )


def _files(path: Path) -> Iterator[Path]:
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if not hidden and file.is_file() and not (file.parent == path and file.name in _BESIDE):
            yield file


def _misplaced(path: Path, file: Path, vocabulary: Vocabulary) -> Problem | None:
    if file.suffix != ".md":
        return Problem(file, 1, "The file is not a briefing.", "Keep only .md files in the corpus.")
    if file.parent.parent != path or file.parent.name not in vocabulary.themes:
        themes = ", ".join(vocabulary.themes)
        return Problem(file, 1, "The file does not lie in the folder of a theme.", f"Move it into one of: {themes}.")
    return None


def _name(briefing: Briefing) -> Iterator[Problem]:
    wanted = briefing.front.id
    if briefing.path.stem != wanted:
        yield _at(
            briefing,
            "id",
            f"The id `{wanted}` is not the file name.",
            f"Rename the file to {wanted}.md, or write `id: {briefing.path.stem}`.",
        )


def _terms(briefing: Briefing, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Topics and places must be spelt as the vocabulary spells them, each once."""
    for key, terms, canonical in (
        ("topics", briefing.front.topics, vocabulary.canonical_topic),
        ("places", briefing.front.places, vocabulary.canonical_place),
    ):
        seen: set[str] = set()
        for term in terms:
            try:
                wanted = canonical(term)
            except UnknownTermError as error:
                yield _at(briefing, key, error.message, error.remedy)
                continue
            if term != wanted:
                yield _at(briefing, key, f"{term!r} is another spelling of {wanted!r}.", f"Write {wanted}.")
            if wanted in seen:
                yield _at(briefing, key, f"{wanted!r} comes twice.", "Remove one of the two.")
            seen.add(wanted)


def _dates(briefing: Briefing, today: date) -> Iterator[Problem]:
    """Nothing can have been published or read after today; `valid_until` may lie ahead."""
    front = briefing.front
    for key, value in (("published", front.published), ("recorded", front.recorded)):
        if value is not None and value > today.isoformat()[: len(value)]:
            yield _at(briefing, key, f"`{key}` lies in the future: {value}.", f"Write a date up to {today}.")
    if front.published is not None and front.published > front.recorded:
        yield _at(
            briefing, "recorded", f"It was read before it was published ({front.published}).", "Mend one of the dates."
        )


def _addresses(briefing: Briefing, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Look through the whole file, head included: an address is no better placed among the entities."""
    known = vocabulary.words()
    front = briefing.front
    head = [
        (key, text)
        for key, value in front
        if key != "url" and value
        for text in (value if isinstance(value, tuple) else (value,))
    ]
    lines = [(briefing.key_lines.get(key, 1), text) for key, text in head]
    lines += list(enumerate(briefing.body.split("\n"), start=briefing.body_line))
    for number, text in lines:
        for address in emails(text):
            if is_personal(address, front.entities, known):
                yield Problem(
                    briefing.path,
                    number,
                    f"{address} looks like the address of a private person.",
                    "Leave it out, or give the address of the office, such as info@.",
                )


def _duplicates(briefings: list[Briefing]) -> Iterator[Problem]:
    ids: dict[str, Briefing] = {}
    urls: dict[str, Briefing] = {}
    for briefing in briefings:
        first = ids.setdefault(briefing.front.id, briefing)
        if first is not briefing:
            yield _at(briefing, "id", f"{first.path} has the id `{first.front.id}` too.", "Choose another id.")
        same = urls.setdefault(_plain_url(briefing.front.url), briefing)
        if same is not briefing:
            yield _at(briefing, "url", f"{same.path} is about the same page.", "Put both into one briefing.")


def _plain_url(url: str) -> str:
    """Fold what leads to the same page: http or https, `www.`, a closing slash, the part after #."""
    parts = urlsplit(url)
    host = (parts.netloc.casefold()).removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def _at(briefing: Briefing, key: str, problem: str, remedy: str) -> Problem:
    return Problem(briefing.path, briefing.key_lines.get(key, 1), problem, remedy)
