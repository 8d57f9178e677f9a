"""`wmai index`: bring the store into line with files on disk and pages on the web."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli_refresh import print_pages
from ui.options import JsonOption, StoreOption, load_settings, write_json
from ui.terminal import err, out, printable

if TYPE_CHECKING:
    from ingest.fetch.refresh import WebReport
    from ingest.progress import Progress
    from ingest.report import Report
    from rag.config import Settings

_PATHS_HELP = (
    "Files, folders, web addresses of pages, feeds and sitemaps, or a sources.txt that lists such addresses. "
    "Default: the corpus (WMAI_CORPUS, else corpus/)."
)


def index(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH|URL]...", help=_PATHS_HELP, show_default=False)
    ] = None,
    store: StoreOption = None,
    meta: Annotated[
        list[str] | None,
        typer.Option("--meta", metavar="KEY=VALUE", help="Say something of every document named; repeat for more."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and change nothing.")] = False,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Cut and embed every briefing anew, for when the files of the model changed."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Index documents: what is new or changed is read into the store, what is gone is taken out.

    Pages from the web stay in the store until they are removed; `wmai sources refresh` fetches them again.
    It may be stopped at any moment: the index before it stays in use, and running it again finishes the work.
    Exit code 1 when a document could not be had or read; the others are indexed all the same.
    """
    from ingest.overrides import parse_meta
    from ingest.progress import progress_bar

    given = parse_meta(meta or ())
    if given and not paths:
        raise typer.BadParameter("--meta speaks of the documents that are named, and none is.")
    files, urls = _sorted_out(paths or ())
    settings = load_settings(store=store)
    report, pages = None, None
    with progress_bar() as progress:
        if files or not urls:
            report = _index_files(settings, files, given, progress, dry_run=dry_run, rebuild=rebuild)
        if urls:
            pages = _index_pages(settings, urls, given, progress, dry_run=dry_run)
    _tell(report, pages, json=json)
    failed = max(part.exit_code for part in (report, pages) if part is not None)
    if failed:
        raise typer.Exit(failed)


def _sorted_out(items: Sequence[str]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The files and folders that are named, and the addresses, those in lists of sources among them."""
    from ingest.fetch.listing import is_list_file, list_file
    from ingest.fetch.url import looks_like_url

    files: list[Path] = []
    urls: list[str] = []
    for item in items:
        path = Path(item)
        if looks_like_url(item):
            urls.append(item)
        elif is_list_file(path.name) and path.is_file():
            urls.extend(list_file(path.read_text(encoding="utf-8", errors="replace"), item))
        else:
            files.append(path)
    return tuple(files), tuple(dict.fromkeys(urls))


def _index_files(
    settings: "Settings",
    files: Sequence[Path],
    given: Mapping[str, str],
    progress: "Progress",
    *,
    dry_run: bool,
    rebuild: bool,
) -> "Report":
    from ingest.sync import index as run_index

    return run_index(settings, files, given=given, dry_run=dry_run, rebuild=rebuild, progress=progress)


def _index_pages(
    settings: "Settings", urls: Sequence[str], given: Mapping[str, str], progress: "Progress", *, dry_run: bool
) -> "WebReport":
    # Only a run that fetches needs the web.
    from ingest.fetch.fetcher import Fetcher
    from ingest.fetch.refresh import index_pages

    return index_pages(settings, urls, Fetcher(settings), progress, given, dry_run=dry_run)


def _tell(report: "Report | None", pages: "WebReport | None", *, json: bool) -> None:
    """Print what was done, and on standard error what was refused."""
    if json:
        write_json(_joined([part.to_json() for part in (report, pages) if part is not None]))
    else:
        if report is not None:
            _print(report)
        if pages is not None:
            print_pages(pages)
    for problem in report.refused if report is not None else ():
        err().print(printable(f"Refused {problem}"), markup=False)
    for source_id, warning in report.warnings if report is not None else ():
        err().print(printable(f"Look at {source_id}: {warning}"), markup=False)


def _joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """One object for files and pages: lists one after the other, counts of sources added up."""
    first, *rest = parts
    for part in rest:
        for key, value in part.items():
            held = first.get(key)
            first[key] = held + value if isinstance(held, list) or key == "unchanged" else first.get(key, value)
    return first


def _print(report: "Report") -> None:
    """The summary; for a dry run also what would happen to each source."""
    console = out()
    if report.dry_run:
        plan = report.plan
        for verb, ids in (("add", plan.added), ("change", plan.changed), ("remove", plan.removed)):
            for source_id in ids:
                console.print(f"{verb:7} {source_id}", markup=False)
    console.print(report.summary(), markup=False)
