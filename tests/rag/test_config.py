"""Every setting is documented where people look for it, and nothing that is documented is gone."""

import re
from pathlib import Path

import pytest

from rag.config import Settings

ROOT = Path(__file__).parents[2]
NAMES = {f"WMAI_{name.upper()}" for name in Settings.model_fields}


def test_the_example_environment_names_every_setting_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^# (WMAI_[A-Z0-9_]+)=", text, re.MULTILINE)) == NAMES


def test_the_example_environment_shows_the_defaults() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^# WMAI_([A-Z0-9_]+)=(.*)$", text, re.MULTILINE))
    for name, field in Settings.model_fields.items():
        assert shown[name.upper()].casefold() == str(field.default).casefold()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_says_what_it_is(name: str) -> None:
    assert (Settings.model_fields[name].description or "").endswith(".")


@pytest.mark.parametrize("field", ["embed_model", "embed_int8", "chunk_tokens", "chunk_overlap_sentences"])
def test_what_an_index_depends_on_changes_its_digest(field: str) -> None:
    other = {"embed_model": "x", "embed_int8": True, "chunk_tokens": 99, "chunk_overlap_sentences": 1}[field]
    plain = Settings(_env_file=None)
    assert plain.model_copy(update={field: other}).index_digest() != plain.index_digest()


def test_what_it_does_not_depend_on_leaves_the_digest(tmp_path: Path) -> None:
    plain = Settings(_env_file=None)
    assert plain.model_copy(update={"port": 1, "store": tmp_path}).index_digest() == plain.index_digest()
