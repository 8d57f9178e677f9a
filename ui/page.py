"""The chat page: Gradio blocks, and what happens when a question is asked.

The server holds no conversation. What is asked brings the earlier turns with it; what comes back goes as mail to the
page's scripts (static/chat), which put it in its place and keep it in the reader's browser.
"""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import gradio as gr
from pydantic import ConfigDict, Field, StringConstraints, ValidationError

from rag.config import Settings
from rag.errors import InvalidQuestion, WmaiError
from rag.types import Delta, Done, Event
from ui import frame
from ui.examples import examples_html
from ui.exchange import Exchange
from ui.facets import within
from ui.panel import panel_group
from ui.render import exchange_html
from ui.requests import AskIn
from ui.seal import Sealer
from ui.turnstile import Turnstile, in_thread

HOOKS = Path(__file__).parent / "static" / "chat" / "hooks"
"""One expression of JavaScript a file: what Gradio calls in the page before it sends a question, or instead."""
UPDATE_INTERVAL_S = 0.05
"""Shortest time between two pieces of an answer that are shown by themselves; a faster one waits for the next."""
WAITING_PER_ANSWER = 16
"""Questions that may wait for each that is being answered; more are turned away at once."""

Update = tuple[object, str]
"""New values of the question box and of the mail."""


class Ticket(AskIn):
    """What the page's script sends along with a question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = ""
    """The question, where it is not what stands in the box: an example, a retry, a correction."""
    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-z-]{1,40}$")]
    number: Annotated[int, Field(ge=1, le=100_000)]
    asked: Annotated[str, StringConstraints(max_length=40)]


class ChatPage:
    """The page's behaviour; it holds no conversation."""

    def __init__(self, pipeline: Turnstile, settings: Settings) -> None:
        self._pipeline = pipeline
        self._settings = settings
        self._sealer = Sealer(settings.store)

    async def answer(self, typed: str, ticket_json: str) -> AsyncIterator[Update]:
        """Stream one answer; a question that cannot be used goes back into the box with the reason."""
        try:
            ticket = _ticket(ticket_json)
        except InvalidQuestion as error:
            yield typed, frame.mail(frame.problem(str(error)))
            return
        question, selection = ticket.question or typed, ticket.selection()
        exchange = Exchange(
            id=ticket.id,
            number=ticket.number,
            question=question.strip(),
            asked=ticket.asked,
            selection=selection,
            within=within(selection, self._pipeline.store.view().theme_names()) if selection else "",
        )
        box: object = gr.skip() if ticket.question else ""
        try:
            # Raises before anything is drawn: a question that cannot be used is no turn.
            events = self._pipeline.selected(selection).stream(exchange.question, ticket.turns())
            yield box, _mail(exchange)
            shown_s = float("-inf")
            async for event in _in_threads(events):
                exchange = exchange.after(event)
                if isinstance(event, Delta):
                    if time.monotonic() - shown_s < UPDATE_INTERVAL_S:
                        continue
                    shown_s = time.monotonic()
                if not isinstance(event, Done):
                    yield gr.skip(), _mail(exchange)
        except InvalidQuestion as error:
            yield (gr.skip() if ticket.question else question), frame.mail(frame.problem(str(error)))
            return
        except WmaiError as error:
            exchange = replace(exchange, error=str(error))
        if exchange.answer is not None:
            exchange = replace(exchange, seal=self._sealer.seal(exchange.answer))
        yield gr.skip(), _mail(exchange)

    def blocks(self) -> gr.Blocks:
        """The page; theme, styles and script are given where it is mounted."""
        view = self._pipeline.store.view()
        blocks: gr.Blocks = gr.Blocks(title="West Midlands AI guide", analytics_enabled=False, fill_width=True)
        with blocks:
            _html(frame.header("/"), "masthead")
            with gr.Row(elem_id="main", equal_height=False):
                with gr.Column(elem_id="conversation", scale=3, min_width=0):
                    _html(frame.log(examples_html(view)), "talk")
                    with gr.Group(elem_id="composer"):
                        _html(frame.chips(), "narrowing")
                        box = gr.Textbox(
                            label="Your question",
                            placeholder="Ask about funding, skills …",
                            lines=1,
                            max_lines=6,
                            elem_id="question",
                            submit_btn=False,
                        )
                        with gr.Row(elem_id="actions"):
                            ask = gr.Button("Ask", variant="primary", elem_id="ask", min_width=0)
                            stop = gr.Button("Stop", elem_id="stop", min_width=0)
                            _html(frame.menu(), "menu")
                with gr.Column(elem_id="side", scale=2, min_width=0):
                    _html(frame.side(), "sources")
            mail = _html("", "mail")
            self._wire(box, ask, stop, mail)
        blocks.queue(max_size=WAITING_PER_ANSWER * self._settings.concurrency, api_open=False)
        return blocks

    def _wire(self, box: gr.Textbox, ask: gr.Button, stop: gr.Button, mail: gr.HTML) -> None:
        ticket = gr.Textbox(visible=False)
        asked = gr.on(
            [ask.click, box.submit],
            self.answer,
            [box, ticket],
            [box, mail],
            concurrency_limit=self._settings.concurrency,
            show_progress="hidden",
            api_visibility="private",
            trigger_mode="once",
            js=_hook("ask"),
        )
        asked.failure(None, js=_hook("fail"), api_visibility="private")
        stop.click(None, cancels=[asked], js=_hook("stop"), api_visibility="private")


def _html(html: str, elem_id: str) -> gr.HTML:
    return gr.HTML(html, elem_id=elem_id, js_on_load=None, apply_default_css=False)


def _hook(name: str) -> str:
    return (HOOKS / f"{name}.js").read_text(encoding="utf-8").strip()


def _mail(exchange: Exchange) -> str:
    today = date.today()
    return frame.mail(exchange_html(exchange, today) + panel_group(exchange, today))


async def _in_threads(events: Iterator[Event]) -> AsyncIterator[Event]:
    """The events, each drawn in a thread; one that is stopped need not wait for the next event."""
    while True:
        event = await in_thread(partial(next, events, None))
        if event is None:
            return
        yield event


def _ticket(text: str) -> Ticket:
    try:
        return Ticket.model_validate_json(text)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, item['loc'])) or 'ticket'}: {item['msg']}" for item in error.errors())
        raise InvalidQuestion(f"The page sent what cannot be used ({wrong}).", "Load it anew and ask again.") from error
