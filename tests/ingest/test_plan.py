from hypothesis import given
from hypothesis import strategies as st

from ingest.candidate import Candidate
from ingest.plan import plan
from rag.store.entries import Origin
from rag.store.rows import HeldSource


def candidate(id_: str, sha256: str, path: str = "/a", text_sha256: str = "t") -> Candidate:
    return Candidate(id_, sha256, Origin(path, "f", text_sha256))


def test_each_source_is_told_by_its_digest() -> None:
    held = {
        id_: HeldSource(sha256, f"text of {id_}", "/a", "f") for id_, sha256 in (("a", "1"), ("b", "2"), ("c", "3"))
    }
    found = plan([candidate("a", "1"), candidate("b", "9"), candidate("d", "4")], held, lambda _id, _source: True)
    assert (found.added, found.changed, found.unchanged, found.removed) == (("d",), ("b",), ("a",), ("c",))
    assert not found.renamed
    assert not found.moved


def test_a_source_outside_the_run_stays() -> None:
    held = {"a": HeldSource("1", "t", "/elsewhere", "f")}
    found = plan([], held, lambda _id, source: source.origin != "/elsewhere")
    assert found.unchanged == ("a",)
    assert found.is_empty


def test_the_same_text_under_another_id_is_a_rename() -> None:
    held = {"old": HeldSource("1", "same", "/old", "f")}
    found = plan([candidate("new", "2", text_sha256="same")], held, lambda _id, _source: True)
    assert found.renamed == (("old", "new"),)
    assert found.added == ("new",)
    assert found.removed == ("old",)


def test_another_path_alone_is_a_move() -> None:
    held = {"a": HeldSource("1", "t", "/old", "f")}
    found = plan([candidate("a", "1", path="/new")], held, lambda _id, _source: True)
    assert found.is_empty
    assert found.moved == {"a": Origin("/new", "f", "t")}


IDS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("123"))


@given(wanted=IDS, held=IDS)
def test_every_source_has_exactly_one_fate(wanted: dict[str, str], held: dict[str, str]) -> None:
    found = plan(
        [candidate(id_, sha256, text_sha256=sha256) for id_, sha256 in wanted.items()],
        {id_: HeldSource(sha256, sha256, "/a", "f") for id_, sha256 in held.items()},
        lambda _id, _source: True,
    )
    fates = [*found.added, *found.changed, *found.unchanged, *found.removed]
    assert sorted(fates) == sorted(wanted.keys() | held.keys())
    after = (held.keys() - set(found.removed)) | set(found.added)
    assert after == wanted.keys()
    assert len({new for _, new in found.renamed}) == len(found.renamed)
