"""The chat page: Gradio blocks, and what happens when a question is asked, stopped or cleared."""

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date

import gradio as gr
from anyio import to_thread

from rag.config import Settings
from rag.errors import InvalidQuestion, WmaiError
from rag.types import Delta, Done, Event, Retrieved, Turn, Withdrawn
from ui import frame
from ui.render import Exchange, exchange_html
from ui.turnstile import Turnstile

UPDATE_INTERVAL_S = 0.05
"""Shortest time between two pieces of an answer that are shown by themselves; a faster one waits for the next."""
WAITING_PER_ANSWER = 16
"""Questions that may wait for each that is being answered; more are turned away at once."""
SESSION_S = 7200
"""Seconds after which an abandoned conversation is forgotten."""

Exchanges = tuple[Exchange, ...]
Update = tuple[object, str, str, str, Exchanges]
"""New values of the question box, the finished exchanges, the running one, the panel and the state."""


class ChatPage:
    """The page's behaviour; holds no conversation itself, each browser session has its own state."""

    def __init__(self, pipeline: Turnstile, settings: Settings) -> None:
        self._pipeline = pipeline
        self._settings = settings

    async def answer(self, question: str, exchanges: Exchanges) -> AsyncIterator[Update]:
        """Stream one answer; a question that cannot be used goes back into the box with the reason."""
        finished = tuple(exchange for exchange in exchanges if exchange.state != "running")
        history = [turn for exchange in finished if (turn := exchange.turn())]
        exchange = Exchange(number=len(finished) + 1, question=question.strip())
        log = frame.log(finished, self._today())
        try:
            # An empty question is refused by the pipeline like any other that cannot be used.
            if exchange.question:
                yield self._running("", log, finished, exchange)
            shown_s = float("-inf")
            async for event in self._events(exchange.question, history):
                exchange = _advance(exchange, event)
                if isinstance(event, Delta):
                    if time.monotonic() - shown_s < UPDATE_INTERVAL_S:
                        continue
                    shown_s = time.monotonic()
                if not isinstance(event, Done):
                    yield self._running(gr.skip(), log, finished, exchange)
        except InvalidQuestion as error:
            yield question, log, frame.notice(str(error)), frame.panels(finished, self._today()), finished
            return
        except WmaiError as error:
            exchange = replace(exchange, error=str(error), answer=None)
        yield self._settled((*finished, exchange))

    async def _events(self, question: str, history: Sequence[Turn]) -> AsyncIterator[Event]:
        """The pipeline's events, each drawn in a thread; one that is stopped need not wait for the next event."""
        events = self._pipeline.stream(question, history)
        while True:
            event = await to_thread.run_sync(next, events, None, abandon_on_cancel=True)
            if event is None:
                return
            yield event

    def stop(self, exchanges: Exchanges) -> Update:
        """Keep what has come of a running answer and mark it as stopped."""
        return self._settled(
            tuple(replace(item, stopped=True) if item.state == "running" else item for item in exchanges)
        )

    def new_chat(self) -> Update:
        """An empty conversation."""
        return self._settled(())

    def blocks(self) -> gr.Blocks:
        """The page; theme, styles and script are given where it is mounted."""
        blocks: gr.Blocks = gr.Blocks(title="West Midlands AI guide", analytics_enabled=False, fill_width=True)
        with blocks:
            state = gr.State((), time_to_live=SESSION_S)
            gr.HTML(frame.header("/"), elem_id="masthead", js_on_load=None, apply_default_css=False)
            with gr.Row(elem_id="main", equal_height=False):
                with gr.Column(elem_id="conversation", scale=3, min_width=0):
                    with gr.Column(elem_id="log"):
                        log = gr.HTML(frame.log((), self._today()), elem_id="finished", js_on_load=None)
                        live = gr.HTML("", elem_id="live", js_on_load=None)
                    with gr.Group(elem_id="composer"):
                        box = gr.Textbox(
                            label="Your question",
                            placeholder="Ask about funding, skills, research, companies …",
                            lines=1,
                            max_lines=6,
                            elem_id="question",
                            submit_btn=False,
                        )
                        with gr.Row(elem_id="actions"):
                            ask = gr.Button("Ask", variant="primary", elem_id="ask", min_width=0)
                            stop = gr.Button("Stop", elem_id="stop", min_width=0)
                            new = gr.Button("New chat", elem_id="new", min_width=0)
                with gr.Column(elem_id="side", scale=2, min_width=0):
                    panel = gr.HTML(frame.panels((), self._today()), elem_id="panel", js_on_load=None)
            self._wire(box, ask, stop, new, (box, log, live, panel, state))
        blocks.queue(max_size=WAITING_PER_ANSWER * self._settings.concurrency, api_open=False)
        return blocks

    def _wire(
        self,
        box: gr.Textbox,
        ask: gr.Button,
        stop: gr.Button,
        new: gr.Button,
        outputs: tuple[gr.Textbox, gr.HTML, gr.HTML, gr.HTML, gr.State],
    ) -> None:
        state = outputs[-1]
        asked = gr.on(
            [ask.click, box.submit],
            self.answer,
            [box, state],
            list(outputs),
            concurrency_limit=self._settings.concurrency,
            show_progress="hidden",
            api_visibility="private",
            trigger_mode="once",
        )
        for button, react, inputs in ((stop, self.stop, [state]), (new, self.new_chat, [])):
            button.click(
                react,
                inputs,
                list(outputs),
                cancels=[asked],
                queue=False,
                show_progress="hidden",
                api_visibility="private",
            )

    def _running(self, box: object, log: str, finished: Exchanges, exchange: Exchange) -> Update:
        today = self._today()
        exchanges = (*finished, exchange)
        return box, log, exchange_html(exchange, today), frame.panels(exchanges, today), exchanges

    def _settled(self, exchanges: Exchanges) -> Update:
        today = self._today()
        return gr.skip(), frame.log(exchanges, today), "", frame.panels(exchanges, today), exchanges

    @staticmethod
    def _today() -> date:
        return date.today()


def _advance(exchange: Exchange, event: Event) -> Exchange:
    """The exchange after one event of the pipeline."""
    match event:
        case Retrieved(hits=hits):
            return replace(exchange, hits=hits)
        case Delta(text=text):
            return replace(exchange, text=exchange.text + text)
        case Withdrawn(text=text):
            return replace(exchange, text=exchange.text.removesuffix(text), withdrawn=(*exchange.withdrawn, event))
        case Done(answer=answer):
            return replace(exchange, answer=answer)
