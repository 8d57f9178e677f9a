"""How the guide does on the training questions of one style, with a part of the search and without it.

    python -m evals.training.styles other_language --without languages
    python -m evals.training.styles textspeak

Prints by language the share of answerable questions that are answered right (a sentence that answers is cited), and of
the others the share that is refused, each with its count.
"""

import sys
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Sequence

from evals.fit.questions import TrainingQuestion, training_questions
from evals.training.alike import says_the_same
from rag.config import Settings
from rag.glossary import understand
from rag.levers import Lever, Levers
from rag.pipeline import Pipeline
from rag.types import Answer
from rag.words import fold


def right(item: TrainingQuestion, answer: Answer) -> bool:
    """Whether a question was handled rightly: refused where the sources do not answer, else a right sentence cited."""
    if not item.gold or not answer.outcome.is_answer:
        return not item.gold and not answer.outcome.is_answer
    good = [gold.quote for gold in item.gold]
    return any(
        fold(citation.quote) in map(fold, good) or says_the_same(citation.quote, good) for citation in answer.citations
    )


def shares(questions: Sequence[TrainingQuestion], off: Levers) -> dict[tuple[str, bool], list[bool]]:
    """By language and whether it can be answered, whether each question was handled rightly."""
    found: dict[tuple[str, bool], list[bool]] = defaultdict(list)
    with Pipeline.open(Settings(), off) as guide:
        for item in questions:
            language = understand(item.question, guide.store.view().vocabulary()).language or "none"
            found[language, bool(item.gold)].append(right(item, guide.ask(item.question)))
    return found


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("style", choices=sorted({item.style for item in training_questions()}))
    parser.add_argument(
        "--without", choices=[lever.value for lever in Lever], help="a part of the search to switch off"
    )
    chosen = parser.parse_args()
    questions = [item for item in training_questions() if item.style == chosen.style]
    found = shares(questions, frozenset({Lever(chosen.without)}) if chosen.without else frozenset())
    out = sys.stdout.write
    out(f"{chosen.style}, without {chosen.without or 'nothing'}\n")
    for language in sorted({language for language, _ in found}):
        out(f"{language:12} {_share(found[language, True])} answered right, {_share(found[language, False])} refused\n")
    answered, refused = (
        [hit for (_, gold), hits in found.items() if gold is kind for hit in hits] for kind in (True, False)
    )
    out(f"{'all':12} {_share(answered)} answered right, {_share(refused)} refused\n")


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits):3} of {len(hits):3}"


if __name__ == "__main__":
    main()
