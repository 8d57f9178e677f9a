"""`wmai ask` and `wmai search`: one question, one answer; one query, its passages."""

import sys
from datetime import date
from typing import Annotated

import typer

from rag.types import Outcome
from rag.wire import answer_to_json
from ui.options import JsonOption, StoreOption, load_settings, write_json
from ui.terminal import print_answer, print_hits
from ui.wire import search_to_json


def ask(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="The question in your own words; - reads it from standard input.")
    ],
    json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Answer one question, with the passage behind every sentence.

    The markers in the answer, such as [1], name the sources listed below it. When the sources do not hold an
    answer it says so and shows the closest passages. Exit code 0: answered or honestly refused; 1: failure;
    2: the question cannot be used.
    """
    from rag.pipeline import Pipeline

    settings = load_settings(store=store)
    text = sys.stdin.read().strip() if question == "-" else question
    with Pipeline.open(settings) as pipeline:
        answer = pipeline.ask(text)
    if json:
        write_json(answer_to_json(answer))
    else:
        print_answer(answer, date.today())
    if answer.outcome is Outcome.ERROR:
        raise typer.Exit(1)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words or a question; - reads it from standard input.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="Passages to show.")] = 10,
    json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Show the passages that a question finds, best first, without composing an answer."""
    from rag.pipeline import Pipeline

    settings = load_settings(store=store)
    text = sys.stdin.read().strip() if query == "-" else query
    with Pipeline.open(settings) as pipeline:
        hits = pipeline.search(text, k)
    if json:
        write_json(search_to_json(text, hits))
    else:
        print_hits(hits, date.today())
