"""One evaluation from beginning to end, for the command line, for Python and for pytest."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.agreement import Agreement, agreement_lines, agreements
from evals.calibration import Calibration, Judged, calibrations, judged_by_system
from evals.errors import RunError
from evals.figures import Figure, figures, overall
from evals.judge import JUDGEMENTS, read_judgements
from evals.library import check_sources, store_lookup
from evals.provenance import provenance
from evals.records import Record, SourceText, read_records, read_sources, write_lines
from evals.report.page import write_report
from evals.run import Lookup, run_cases
from evals.rundir import (
    MARKDOWN,
    RECORDS,
    REPORT,
    SCORES,
    SOURCES,
    SUMMARY,
    Json,
    begin,
    default_folder,
    finish,
    finished_run,
    heading,
    is_done,
    remove_run,
    run_cases_of,
    stamp,
    summary_json,
    write_json,
)
from evals.scores import ScoredItem, score_records, write_scores
from evals.suites import Suite
from evals.systems.protocol import System
from evals.systems.registry import known_names
from evals.table import markdown
from ingest.progress import Progress, Silent
from rag.config import Settings

if TYPE_CHECKING:
    from rag.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A finished run: where it stands and what it found."""

    folder: Path
    run: Json
    records: tuple[Record, ...]
    scored: tuple[ScoredItem, ...]
    figures: tuple[Figure, ...]
    judged: Mapping[str, Judged]
    """By system: every question with its reply and its scores."""
    calibrations: tuple[Calibration, ...]
    agreements: tuple[Agreement, ...]
    """Of each chat model that judged the run with the deterministic score; none where none did."""
    sources: Mapping[str, SourceText]

    @property
    def systems(self) -> tuple[str, ...]:
        """Names of the systems, in the order they ran."""
        return tuple(self.run["systems"])

    def figure(self, metric: str, system: str | None = None) -> Figure:
        """A figure over all items, of the first system where none is named. Raises KeyError for one not measured."""
        return overall(self.figures, system or self.systems[0])[metric]


def evaluate(
    suite: Suite,
    system_names: Sequence[str],
    settings: Settings,
    out: Path | None = None,
    *,
    replace: bool = False,
    reuse: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Run a suite on systems known by name; its own documents are indexed first where it brings some.

    `replace` removes the run that `out` holds, once all else is known to be sound; `reuse` scores it again where it is
    this very run, finished. Raises SuiteError or RunError for
    what cannot be used, and whatever opening a store or a model raises.
    """
    # Opening a store imports Chroma, which takes more than a second: not before it is needed.
    from evals.stores import settings_for
    from evals.systems.registry import open_system
    from rag.store import Store

    progress = progress or Silent()
    names = known_names(system_names)
    settings = settings_for(suite, settings, progress)
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(settings))
        index = {**store.manifest.model_dump(mode="json"), "passage_tokens_mean": _mean_tokens(store)}
        made_with = stamp(suite, provenance(settings, index, names))
        lookup = store_lookup(store)
        check_sources(suite.cases, lookup)
        if reuse and out is not None and is_done(out, made_with):
            return score_folder(out)
        systems = {name: stack.enter_context(closing(open_system(name, settings))) for name in names}
        return evaluate_systems(suite, systems, lookup, made_with, out, replace=replace, progress=progress)


def _mean_tokens(store: "Store") -> float:
    """Mean length of a passage, without which recall over passages says little: long ones find more."""
    tokens = [passage.tokens for source in store.sources() for passage in store.source_passages(source.id)]
    return round(sum(tokens) / len(tokens), 1)


def evaluate_systems(
    suite: Suite,
    systems: Mapping[str, System],
    lookup: Lookup,
    made_with: Json,
    out: Path | None = None,
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Run a suite on systems of your own; `made_with` is rundir.stamp's."""
    progress = progress or Silent()
    folder = out or default_folder(suite, tuple(systems), made_with)
    if replace:
        remove_run(folder)
    held = begin(folder, suite, made_with)
    progress.begin(f"Asking {', '.join(systems)}", len(suite.cases) * len(systems))
    run_cases(suite.cases, systems, lookup, folder, lambda _record: progress.advance())
    finish(folder, held)
    return score_folder(folder)


def score_folder(folder: Path) -> Evaluation:
    """Score a finished run from its records, and write scores, summary and report anew; nothing is asked again."""
    run = finished_run(folder)
    cases = run_cases_of(folder)
    records = read_records(folder / RECORDS)
    sources = read_sources(folder / SOURCES)
    scored = score_records(cases, records, sources)
    if not scored:
        raise RunError(f"{folder} holds no records.", "Run the suite again into another folder.")
    found = figures(scored)
    judged = judged_by_system(cases, records, scored)
    stated = tuple(one for system, held in judged.items() for one in calibrations(system, held))
    evaluation = Evaluation(
        folder=folder, run=run, records=records, scored=scored, figures=found, judged=judged, calibrations=stated,
        agreements=agreements(read_judgements(folder / JUDGEMENTS), judged), sources=sources,
    )  # fmt: skip
    write_scores(folder / SCORES, scored)
    write_json(folder / SUMMARY, summary_json(run, found, stated, evaluation.agreements))
    text = markdown(found, stated, evaluation.systems, heading(run))
    text += "".join(f"\n{line}\n" for line in agreement_lines(evaluation.agreements))
    write_lines(folder / MARKDOWN, text.split("\n"))
    write_report(folder / REPORT, evaluation)
    return evaluation
