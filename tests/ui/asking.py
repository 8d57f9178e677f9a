"""How tests in a browser ask the chat page something, and narrow what is asked."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def ask(page: "Page", question: str, turn: int = 1) -> None:
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#turn-{turn}[data-state="done"]')


def narrow(page: "Page", **choices: str) -> None:
    page.click("#filter")
    for name, value in choices.items():
        page.wait_for_selector(f'[data-filter="{name}"] option[value="{value}"]', state="attached")
        page.select_option(f'[data-filter="{name}"]', value)
    page.click("#filter")
