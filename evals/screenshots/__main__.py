"""The command line of the pictures: `python -m evals.screenshots`."""

import fnmatch
import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from PIL import Image
from rich.console import Console

from evals.browser import chromium
from evals.rundir import REPORT
from evals.screenshots.shots import FULL_PAGE_PX, SHOTS, Shot
from evals.screenshots.staff import PASSWORD, STAFF_SHOTS, prepare
from evals.served import serving
from rag.config import Settings
from rag.errors import WmaiError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCHEMES = ("light", "dark")
SIZES_PX = ((1280, 800), (360, 740))
COLOURS = 128
"""Of a picture's palette: text stays sharp and a page stays under 200 kB."""
TIMEOUT_MS = 120_000
SMOKE = Path(".wmai/smoke")
"""Where `make gate` leaves a run."""
HASH_SETTING = "WMAI_STAFF_PASSWORD_HASH"


def run(
    out: Annotated[Path, typer.Option(help="Folder for the pictures.")] = Path("docs/screenshots"),
    only: Annotated[str, typer.Option(help="Pattern of names, such as 'chat-*'.")] = "*",
    report: Annotated[
        Path, typer.Option(help="Folder of an evaluation run, whose report is shown where there is one.")
    ] = SMOKE,
) -> None:
    """Make a picture of every page and state, light and dark, 1280 and 360 pixels wide."""
    console = Console(stderr=True)
    out.mkdir(parents=True, exist_ok=True)
    shots = [shot for shot in (*SHOTS, *STAFF_SHOTS, *_reports(report)) if fnmatch.fnmatch(shot.name, only)]
    failed = []
    try:
        with _store_of_its_own() as settings, serving(settings, **_env()) as served, chromium() as browser:
            with _page(browser, *SIZES_PX[0], SCHEMES[0]) as page:
                prepare(page, served.address)
            for shot, (width, height), scheme in product(shots, SIZES_PX, SCHEMES):
                name = f"{shot.name}-{scheme}-{width}.png"
                with _page(browser, width, height, scheme) as page:
                    fault = _make(shot, page, served.address, out / name)
                console.print(f"{name}: {fault or 'made'}", markup=False)
                failed += [name] if fault else []
    except WmaiError as error:
        console.print(f"{error.message} {error.remedy}", markup=False)
        raise typer.Exit(1) from error
    if failed:
        raise typer.Exit(1)


def _make(shot: Shot, page: "Page", server: str, path: Path) -> str:
    """Make one picture; what went wrong in the first line of words, empty where nothing did."""
    from playwright.sync_api import Error

    try:
        shot.act(page, server)
        page.evaluate("document.fonts.ready.then(() => {})")
        if shot.full:
            height = page.evaluate("document.documentElement.scrollHeight")
            width = page.evaluate("innerWidth")
            page.set_viewport_size({"width": width, "height": min(max(height, 300), FULL_PAGE_PX)})
        picture = page.screenshot(animations="disabled")
    except Error as error:
        return error.message.splitlines()[0]
    # A palette of few colours: a third of the size, and nobody sees the difference.
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return ""


@contextmanager
def _page(browser: "Browser", width: int, height: int, scheme: str) -> Iterator["Page"]:
    from playwright.sync_api import ViewportSize

    narrow = width < 500
    context = browser.new_context(
        viewport=ViewportSize(width=width, height=height),
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        has_touch=narrow,
        is_mobile=narrow,
    )
    context.set_default_timeout(TIMEOUT_MS)
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def _store_of_its_own() -> Iterator[Settings]:
    """Settings on a copy of the store: nothing that is asked or complained of here stays."""
    settings = Settings()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        shutil.copytree(settings.store, store, ignore=shutil.ignore_patterns("models", "*.lock"))
        (store / "models").symlink_to((settings.store / "models").resolve())
        yield settings.model_copy(update={"store": store})


def _env() -> dict[str, str]:
    command = [sys.executable, "-m", "ui.cli", "staff", "hash-password"]
    done = subprocess.run(command, input=PASSWORD, capture_output=True, text=True, check=True)  # noqa: S603
    return {
        HASH_SETTING: done.stdout.strip().removeprefix(f"{HASH_SETTING}="),
        "WMAI_RATE_CLIENT_MINUTE": "0",
    }


def _reports(folder: Path) -> tuple[Shot, ...]:
    file = (folder / REPORT).resolve()

    def act(page: "Page", _server: str) -> None:
        page.goto(file.as_uri())

    return (Shot("report", act, full=True),) if file.exists() else ()


if __name__ == "__main__":
    typer.run(run)
