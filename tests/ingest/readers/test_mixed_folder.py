import json
from collections.abc import Callable
from pathlib import Path

from evals.hostile.writers import report, scanned, word
from ingest.sync import index, remove_sources, restore_sources
from rag.config import Settings
from rag.store import Store

Make = Callable[..., Settings]
Write = Callable[..., Path]

STORY = " ".join(
    f"The council of {town} pays for {trade} courses in its old library."
    for town, trade in zip(
        ("Dudley", "Walsall", "Telford", "Stafford", "Solihull", "Rugby", "Lichfield"),
        ("welding", "coding", "nursing", "driving", "baking", "printing", "casting"),
        strict=True,
    )
)


def page(text: str, *, banner: str = "", host: str = "news.example.org", name: str = "story") -> str:
    body = "".join(f"<p>{part}.</p>" for part in text.rstrip(".").split(". "))
    return (
        f'<html lang="en"><head><title>{name}</title><meta property="og:site_name" content="{host}">'
        f'<link rel="canonical" href="https://{host}/{name}"></head><body><div class="cookie">{banner}</div>'
        f"<article><h1>{name}</h1>{body}</article></body></html>"
    )


def test_a_mixed_folder_is_indexed_and_what_cannot_be_is_told(
    new_settings: Make, write_briefing: Write, tmp_path: Path
) -> None:
    settings = new_settings()
    write_briefing("seed", "The Falcon seed fund invests in Coventry.")
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "plan.pdf").write_bytes(report(3))
    (folder / "minutes.docx").write_bytes(word("The board met in Walsall."))
    (folder / "scan.pdf").write_bytes(scanned())
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (folder / "notes.txt").write_text("Subscribe to our newsletter.\n\nThe Heron scheme lends to foundries.\n")
    write_briefing("loan", "The Kestrel loan is closed.", folder=folder)
    index(settings)
    found = index(settings, [folder])
    assert {Path(problem.file).name for problem in found.refused} == {"scan.pdf", "old.doc"}
    assert found.exit_code == 1
    assert {id_.rsplit("-", 1)[0] for id_ in found.plan.added} == {"plan", "minutes", "notes", "loan"}
    assert json.dumps(found.to_json())
    again = index(settings, [folder])
    assert (again.embedded, again.published, again.plan.is_empty) == (0, False, True)
    with Store.open(settings) as store:
        plan = next(source for source in store.sources() if source.format == "pdf")
        pages = {passage.page for passage in store.source_passages(plan.id)}
        assert pages == {1, 2, 3}
        assert store.source("loan").format == "briefing"
    (folder / "minutes.docx").unlink()
    assert len(index(settings).plan.removed) == 1


def test_metadata_that_was_given_stays_with_the_file(new_settings: Make, tmp_path: Path) -> None:
    settings = new_settings()
    note = tmp_path / "note.txt"
    note.write_text("The Heron scheme lends to foundries.")
    index(settings, [note], given={"publisher": "Mercia Council", "published": "2025-03"})
    note.write_text("The Heron scheme lends to foundries and kilns.")
    assert len(index(settings, [note]).plan.changed) == 1
    with Store.open(settings) as store:
        (source,) = store.sources()
    assert (source.publisher, source.published) == ("Mercia Council", "2025-03")


def test_a_page_whose_banner_changed_is_unchanged(new_settings: Make, tmp_path: Path) -> None:
    settings = new_settings()
    file = tmp_path / "story.html"
    file.write_text(page(STORY, banner="We use cookies on this site."))
    first = index(settings, [file])
    file.write_text(page(STORY, banner="We value your privacy. Accept all cookies?"))
    again = index(settings, [file])
    assert len(again.plan.unchanged) == 1
    assert (again.build_id, again.embedded) == (first.build_id, 0)


def test_copies_are_one_source_with_several_homes_until_the_first_goes(new_settings: Make, tmp_path: Path) -> None:
    settings = new_settings()
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, host in (("a", "first.example.org"), ("b", "second.example.org")):
        (folder / f"{name}.html").write_text(page(STORY, host=host, name="story"))
    found = index(settings, [folder])
    assert (found.sources, len(found.copies)) == (1, 1)
    with Store.open(settings) as store:
        (source,) = store.sources()
        (home,) = source.homes
        assert home.url == "https://second.example.org/story"
        passages = store.passage_count
    assert index(settings, [folder]).plan.is_empty
    remove_sources(settings, [source.id])
    with Store.open(settings) as store:
        (other,) = store.sources()
        assert (other.id, other.homes, store.passage_count) == (home.source_id, (), passages)
    restore_sources(settings, [source.id])
    with Store.open(settings) as store:
        assert [held.id for held in store.sources()] == [source.id]


def test_lines_that_a_site_repeats_are_taken_out_of_all_its_pages(new_settings: Make, tmp_path: Path) -> None:
    settings = new_settings()
    folder = tmp_path / "site"
    folder.mkdir()
    parts = STORY.split(". ")
    for number in range(3):
        text = ". ".join(parts[2 * number : 2 * number + 2]) + ". Mercia News is part of the Mercia Media Group"
        (folder / f"{number}.html").write_text(page(text, name=f"page-{number}"))
        index(settings, [folder])
    with Store.open(settings) as store:
        texts = [store.source_text(source.id) for source in store.sources()]
    assert len(texts) == 3
    assert not any("Media Group" in text for text in texts)
    assert all("courses in its old library" in text for text in texts)
