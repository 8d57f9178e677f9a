import pytest

from evals.negation import contradicts, denial, polarity


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("The fund closed.", "The fund did not close."),
        ("The fund has not closed.", "The fund has closed."),
        ("The fund closed.", "It is not true that the fund closed."),
        ("The grant is open to students.", "The grant is not open to students."),
        ("It is open.", "It is no longer open."),
        ("All projects met their target.", "None of the projects met their target."),
        ("The scheme pays travel.", "The scheme won't pay travel or hotels."),
        ("The trial found a benefit.", "The trial failed to find a benefit."),
        ("Firms need a permit.", "Firms can join without a permit."),
        ("The fund invests in firms.", "The fund never invests in firms outside Coventry."),
        ("The tram runs to Dudley, and it is fast.", "The tram does not yet run to Dudley."),
    ],
)
def test_denial_against_affirmation_is_a_contradiction_both_ways(sentence: str, quote: str) -> None:
    assert contradicts(sentence, quote)
    assert contradicts(quote, sentence)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("The fund did not close.", "The fund did not close until the review was done."),
        ("The scheme pays £5,000.", "The scheme, which is not open to students, pays £5,000."),
        ("The scheme pays £5,000.", "The scheme pays £5,000 and does not fund hotels."),
        ("The firm grew.", "Not only did the firm grow, it doubled."),
        ("There are 40 firms.", "There are no fewer than 40 firms."),
        ("It opened at No 10.", "It opened at No 10 in May."),
        ("It won the fund in 2023.", "Although it did not win the fund in 2020, it won the fund in 2023."),
        ("The laboratory opened in May.", "The laboratory opened in May. Nobody had expected it."),
        ("The grant is open to firms.", "The grant is open to firms, not students."),
        ("Nothing is known of the cat.", "The fund holds £25m."),
        ("It has 3,500 members.", "It has 3,500 members, not 4,000."),
    ],
)
def test_a_negation_of_something_else_contradicts_nothing(sentence: str, quote: str) -> None:
    assert not contradicts(sentence, quote)
    assert not contradicts(quote, sentence)


@pytest.mark.parametrize(
    "text",
    [
        "The fund never paid, but the grant did.",
        "It isn't open to anyone in Coventry; without a permit nobody enters.",
        "Not only that: no firm failed to apply.",
    ],
)
def test_a_text_does_not_contradict_itself(text: str) -> None:
    assert not contradicts(text, text)


def test_the_scope_ends_with_the_clause() -> None:
    found = denial("The fund does not pay students, but it pays firms [2].")
    assert found.denied == {"pai", "student"}
    assert found.affirmed == {"fund", "pai", "firm"}
    assert denial("There is no doubt about 3 firms.").scopes == ()


@pytest.mark.parametrize(
    ("text", "question", "seen"),
    [
        ("Yes, it has.", "Has it opened?", "yes"),
        ("No: it closed.", "Is it open?", "no"),
        ("Yes, not all.", "Is it open?", "yes"),
        ("The fund isn't open.", "Is the fund open?", "no"),
        ("The fund grew.", "Did the fund grow?", "yes"),
        ("The fund grew, and it does not pay students.", "Did the fund grow?", "yes"),
        ("The fund closed in March 2024.", "Is the fund still open?", "no"),
        ("The fund closed in March 2024.", "Has the fund closed?", "yes"),
        ("No 10 funded the tram.", "Did the state fund the tram?", "yes"),
        ("No fewer than 40 firms joined.", "Did firms join?", "yes"),
        ("They never did.", "Was it built?", "no"),
        ("", "Is it?", ""),
    ],
)
def test_polarity_looks_at_what_was_asked_about(text: str, question: str, seen: str) -> None:
    assert polarity(text, question) == seen


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("The bid was accepted.", "The bid was turned down."),
        ("The firms agreed to join.", "The firms were asked to join. They said no."),
    ],
)
def test_limits_that_are_known(sentence: str, quote: str) -> None:
    """Denial by opposites and across sentences is not seen; the documentation says so."""
    assert not contradicts(sentence, quote)
