from ingest.copies import Member, find_copies, signature_of
from ingest.site_lines import repeated_lines, without_lines

STORY = " ".join(
    f"Sentence {word} of the story tells how the combined authority pays for {word} training in its towns."
    for word in [
        "welding",
        "coding",
        "nursing",
        "driving",
        "baking",
        "farming",
        "printing",
        "weaving",
        "casting",
        "milling",
    ]
)


def copies(*texts: str) -> dict[str, str]:
    held = {str(number): text for number, text in enumerate(texts)}
    members = {id_: Member(signature_of(text), ("2025", id_)) for id_, text in held.items()}
    return find_copies(members, held.__getitem__)


def test_a_syndicated_copy_is_found_and_the_earliest_stands_for_it() -> None:
    assert copies(STORY, f"From our news desk. {STORY}", f"{STORY} Share your view.") == {"1": "0", "2": "0"}


def test_texts_with_other_figures_are_no_copies() -> None:
    assert copies(f"{STORY} In May 14 firms joined.", f"{STORY} In June 19 firms joined.") == {}


def test_other_stories_and_short_notes_are_no_copies() -> None:
    other = (
        STORY.replace("combined authority", "county council").replace("training", "grants").replace("towns", "parks")
    )
    assert copies(STORY, other) == {}
    assert copies("The fund is open.", "The fund is open.") == {}


def test_of_short_texts_only_equal_ones_are_copies() -> None:
    short = "The Brackenhill Fund lends up to £250,000 to robotics firms in Dudley. Its board meets every month."
    assert copies(short, f"{short}\n", short.replace("month", "week")) == {"1": "0"}


def test_a_chain_of_copies_ends_at_one_source() -> None:
    found = copies(STORY, f"{STORY} One.", f"{STORY} One. Two.", f"{STORY} One. Two. Three.")
    assert set(found.values()) == {"0"}


def test_lines_that_pages_of_a_site_repeat_are_learnt() -> None:
    pages = {name: f"The {name} story.\n\nPart of the Mercia Media Group" for name in ("first", "second", "third")}
    lines = repeated_lines(pages)
    assert [without_lines(text, lines) for text in pages.values()] == [f"The {name} story." for name in pages]


def test_a_line_that_states_a_fact_is_never_boilerplate() -> None:
    pages = {name: f"The {name} story.\n\nBids close on 3 May 2031." for name in ("first", "second", "third")}
    assert not repeated_lines(pages)


def test_two_pages_teach_nothing_and_no_page_is_emptied() -> None:
    assert not repeated_lines({"one": "Same line", "two": "Same line"})
    lines = repeated_lines(dict.fromkeys(("one", "two", "three"), "Same line"))
    assert without_lines("Same line", lines) == "Same line"
