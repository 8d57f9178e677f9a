"""docs/performance.md, written from what was measured."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from evals.bench.figures import int8_told, rows
from evals.bench.plot import growth_plot, ratio_plot
from evals.bench.row import Found, Row, Spread
from rag.config import Settings

RECORD = "performance.json"
PAGE = "performance.md"
RATIO_PLOT = "performance-ratios.svg"
GROWTH_PLOT = "performance-growth.svg"
TEMPLATE = Path(__file__).parent / "performance.md"
PACKAGES = (
    "onnxruntime", "chromadb", "numpy", "sentence-transformers", "torch", "langchain-core", "langchain-chroma",
    "langchain-huggingface",
)  # fmt: skip

_PLOTS = {
    "ratios": (RATIO_PLOT, "How many times better the guide is, and what was asked for"),
    "growth": (GROWTH_PLOT, "Milliseconds to find passages, by how many are held"),
}

Measured = dict[str, dict[str, Any]]
"""By part: its records, and when, where and on which commit they were made."""


def read_record(folder: Path) -> Measured:
    """What earlier runs measured; empty where there was none."""
    path = folder / RECORD
    measured: Measured = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return measured


def stamped(records: Found, settings: Settings) -> dict[str, Any]:
    """The records of a part with the circumstances of their making."""
    return {"records": records, "circumstances": _circumstances(settings)}


def write_page(measured: Measured, folder: Path) -> None:
    """Write the record, the plots and the page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RECORD).write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    parts = {name: part["records"] for name, part in measured.items()}
    lines = rows(parts)
    drawings = {"ratios": ratio_plot(lines), "growth": growth_plot(parts["growth"]) if "growth" in parts else ""}
    plots = {}
    for name, (file, told) in _PLOTS.items():
        if drawings[name]:
            (folder / file).write_text(drawings[name], encoding="utf-8")
        plots[name] = f"![{told}]({file})" if drawings[name] else f"({told}: not in this record.)"
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in {
        "table": table(lines), **plots, "circumstances": _told(measured), "words": _words(parts),
        "int8": int8_told(parts["int8"]) if "int8" in parts else "Not measured yet.",
    }.items():  # fmt: skip
        text = text.replace("{" + name + "}", value)
    (folder / PAGE).write_text(re.sub(r"\n{3,}", "\n\n", text), encoding="utf-8")


def table(lines: Iterable[Row]) -> str:
    """A Markdown table; every figure is the median of its repeats with the extremes in brackets."""
    head = (
        "| | unit | guide | langchain-tutorial | guide is better by | asked for | met |\n|---|---|---|---|---|---|---|"
    )
    return "\n".join([head, *map(_line, lines)])


def _line(row: Row) -> str:
    met = {True: "yes", False: "**no**", None: ""}[row.met]
    ratio = f"{_figure(row.ratio)} ×" if row.ratio else ""
    theirs = _figure(row.tutorial) if row.tutorial else "–"
    return f"| {row.name} | {row.unit} | {_figure(row.guide)} | {theirs} | {ratio} | {row.bar} | {met} |"


def _figure(value: Spread) -> str:
    if value.n == 1:
        return f"{_number(value.median)} (once)"
    return f"{_number(value.median)} ({_number(value.least)}–{_number(value.most)})"


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _words(parts: Mapping[str, Found]) -> str:
    """The part of a growing search that is by word, in one sentence; empty where growth was not measured."""
    found = parts.get("growth", {})
    sizes = sorted((int(name.split()[1]), records) for name, records in found.items() if name.startswith("guide"))
    told = [f"{records[0]['words_ms']['p50']:.2g} ms among {size:,}" for size, records in sizes]
    return f"Of that, the search by word takes at the median {', '.join(told)}." if told else ""


def _circumstances(settings: Settings) -> dict[str, Any]:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S607
    return {
        "when": datetime.now(UTC).isoformat(timespec="minutes"),
        "commit": commit.stdout.strip() or "unknown",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "threads": settings.embed_threads,
        "versions": {name: version(name) for name in PACKAGES},
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _told(measured: Measured) -> str:
    """Where and when, each set of circumstances once with the parts that share it."""
    lines = []
    for name, part in measured.items():
        at = part["circumstances"]
        versions = ", ".join(f"{package} {number}" for package, number in at["versions"].items())
        lines.append(
            f"- **{name}**: {at['when']}, commit {at['commit']}, {at['cores']} cores of {at['processor']},"
            f" {at['memory_gib']} GiB, load {at['load']}"
        )
    return "\n".join([*lines, "", f"Python {at['python']}, {versions}."]) if lines else ""
