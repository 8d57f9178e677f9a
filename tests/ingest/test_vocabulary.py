import textwrap
from pathlib import Path

import pytest

from ingest.vocabulary import UnknownTermError, Vocabulary, VocabularyError, load_vocabulary, term_key

SOUND = """
themes:
  health: {label: Health}
topics:
  health-ai: {label: AI in health, theme: health, aliases: [health AI, medical AI]}
places:
  West Midlands: {kind: region, aliases: [WMCA]}
  Birmingham: {kind: council, within: West Midlands, wmca: true, aliases: [Brum]}
organisations:
  Jaguar Land Rover: {aliases: [JLR]}
"""


def vocabulary(tmp_path: Path, text: str = SOUND) -> Vocabulary:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return load_vocabulary(path)


@pytest.mark.parametrize("term", ["Birmingham", "birmingham", "BRUM", " Brum "])
def test_a_place_is_found_under_every_spelling(tmp_path: Path, term: str) -> None:
    assert vocabulary(tmp_path).canonical_place(term) == "Birmingham"


@pytest.mark.parametrize("term", ["health-ai", "Health AI", "health ai", "medical-AI"])
def test_a_topic_is_found_under_every_spelling(tmp_path: Path, term: str) -> None:
    assert vocabulary(tmp_path).canonical_topic(term) == "health-ai"


def test_an_organisation_is_found_under_its_short_form(tmp_path: Path) -> None:
    assert vocabulary(tmp_path).canonical_organisation("jlr") == "Jaguar Land Rover"


def test_canonical_terms_stay_as_they_are(tmp_path: Path) -> None:
    held = vocabulary(tmp_path)
    assert [held.canonical_topic(term) for term in held.topics] == list(held.topics)
    assert [held.canonical_place(term) for term in held.places] == list(held.places)


def test_an_unknown_term_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownTermError, match=r"'Birmingam'.*Nearest: Birmingham") as caught:
        vocabulary(tmp_path).canonical_place("Birmingam")
    assert caught.value.nearest == ("Birmingham",)
    assert caught.value.section == "places"


def test_sections_are_apart(tmp_path: Path) -> None:
    with pytest.raises(UnknownTermError):
        vocabulary(tmp_path).canonical_topic("Brum")


def test_nothing_can_be_changed_after_loading(tmp_path: Path) -> None:
    held = vocabulary(tmp_path)
    with pytest.raises(TypeError):
        held.places["Leeds"] = held.places["Birmingham"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("aliases: [Brum]", "aliases: [WMCA]", "stands for both"),
        ("aliases: [Brum]", "aliases: [west-midlands]", "stands for both"),
        ("within: West Midlands", "within: Mercia", "cannot lie within 'Mercia'"),
        ("{kind: region,", "{kind: region, within: Birmingham,", "cannot lie within"),
        ("kind: council", "kind: village", "places › Birmingham › kind"),
        ("kind: council", "kind: town", "`wmca` is for councils"),
        ("theme: health", "theme: wealth", "no theme 'wealth'"),
        ("  health-ai:", "  Health AI:", "topics"),
        ("{label: Health}", "{label: Health, care}", "Extra inputs"),
        ("{aliases: [JLR]}", "{aliases: [JLR]}\n  Jaguar Land Rover: {}", "comes twice"),
        ("organisations:", "organisation:", "organisation"),
        ("[Brum]", "[Brum", ":"),
    ],
)
def test_a_vocabulary_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, found: str) -> None:
    assert SOUND.count(old) == 1
    with pytest.raises(VocabularyError, match=found) as caught:
        vocabulary(tmp_path, SOUND.replace(old, new))
    assert caught.value.remedy


def test_a_missing_vocabulary_is_named(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="no vocabulary"):
        load_vocabulary(tmp_path / "vocabulary.yaml")


def test_a_vocabulary_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_bytes(b"themes: caf\xe9")
    with pytest.raises(VocabularyError, match="not UTF-8"):
        load_vocabulary(path)


def test_keys_fold_what_does_not_tell_terms_apart() -> None:
    assert term_key("Stoke-on-Trent") == term_key("stoke on trent")
    assert term_key("Coventry & Warwickshire") == term_key("Coventry and Warwickshire")
    assert term_key("Warwick") != term_key("Warwickshire")
