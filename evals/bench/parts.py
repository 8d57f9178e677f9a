"""The parts of a run. Each takes turns between the sides and returns one record a repeat and side."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from evals.bench.adding import page as added_page
from evals.bench.chat import written
from evals.bench.eye import seen
from evals.bench.materials import Materials
from evals.bench.process import Record, measure
from rag.config import Settings
from rag.models import models_folder

INT8_QUESTIONS = 400
ADDED_TO = 5_000
"""Passages in the store to which a page is added."""
PAGES_ADDED = 5
GUIDE, TUTORIAL = "guide", "tutorial"
SIDES = (GUIDE, TUTORIAL)

Say = Callable[[str], None]
Records = dict[str, list[Record]]
"""What was measured: one record for each repeat, by side or by what else the part tells apart."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run works with."""

    settings: Settings
    """Names the guide's store."""
    folder: Path
    """A folder of the run's own, for materials and what is indexed."""
    repeats: int
    indexed_texts: int
    """How many passages the indexing part indexes."""
    sizes: tuple[int, ...]
    """Passages in the stores of the growth part."""
    say: Say
    """Shows progress."""

    @property
    def store(self) -> str:
        """Path of the guide's store."""
        return str(self.settings.store)

    @property
    def materials(self) -> Path:
        """The file with the texts and questions."""
        return self.folder / "materials.json"


def _turns(plan: Plan, part: str, arguments: Mapping[str, Mapping[str, object]], repeats: int) -> Records:
    """The same task of each side in turn, `repeats` times."""
    records: Records = {side: [] for side in arguments}
    for repeat in range(repeats):
        # Who goes first changes, so that a machine that tires does not favour one side.
        for side in list(arguments)[:: 1 if repeat % 2 == 0 else -1]:
            plan.say(f"{part}: {side}, {repeat + 1} of {repeats}")
            records[side].append(measure(part, side, arguments[side]))
    return records


def _alone(plan: Plan, part: str, look: Callable[[], Record]) -> Records:
    """What the guide alone is looked at for, in this process."""
    records: Records = {GUIDE: []}
    for repeat in range(plan.repeats):
        plan.say(f"{part}: {repeat + 1} of {plan.repeats}")
        records[GUIDE].append(look())
    return records


def _asked(plan: Plan) -> dict[str, dict[str, object]]:
    return {
        GUIDE: _guide_asked(plan),
        TUTORIAL: {"folder": _tutorial(plan), "materials": str(plan.materials)},
    }


def _guide_asked(plan: Plan) -> dict[str, object]:
    return {"store": plan.store, "materials": str(plan.materials)}


def _tutorial(plan: Plan) -> str:
    """The tutorial's index of all texts, made by the first part that asks it something."""
    folder = plan.folder / "tutorial"
    if not (folder / "complete").exists():
        plan.say("indexing for the tutorial")
        measure("indexing", TUTORIAL, {"folder": str(folder), "materials": str(plan.materials)})
        (folder / "complete").touch()
    return str(folder)


def cold(plan: Plan) -> Records:
    """From the start of a process to its first answer."""
    question = Materials.read(plan.materials).questions[0]
    arguments = {
        GUIDE: {"store": plan.store, "question": question},
        TUTORIAL: {"folder": _tutorial(plan), "question": question},
    }
    return _turns(plan, "cold", arguments, plan.repeats + 1)


def latency(plan: Plan) -> Records:
    """Milliseconds a question."""
    return _turns(plan, "latency", _asked(plan), plan.repeats)


def memory(plan: Plan) -> Records:
    """Memory after all questions."""
    return _turns(plan, "memory", _asked(plan), plan.repeats)


def reader(plan: Plan) -> Records:
    """Milliseconds to read thirty sentences; the tutorial has no reader."""
    return _turns(plan, "reader", {GUIDE: _guide_asked(plan)}, plan.repeats)


def eye(plan: Plan) -> Records:
    """What a reader waits for in the browser; the tutorial has no page."""
    return _alone(plan, "eye", lambda: seen(plan.settings, plan.materials))


def chat(plan: Plan) -> Records:
    """What a reader waits for where a small model writes; the tutorial has none."""
    return _alone(plan, "chat", lambda: written(plan.settings))


def indexing(plan: Plan) -> Records:
    """The same passages indexed by both sides, and by the guide with its sentences too."""
    records: Records = {GUIDE: [], TUTORIAL: [], "sentences": []}
    some = plan.folder / "some.json"
    _some(Materials.read(plan.materials), plan.indexed_texts).write(some)
    for repeat in range(plan.repeats):
        for name in list(records)[:: 1 if repeat % 2 == 0 else -1]:
            plan.say(f"indexing: {name}, {repeat + 1} of {plan.repeats}")
            with _scratch(plan, f"indexing-{name}") as folder:
                arguments: dict[str, object] = {"folder": str(folder), "materials": str(some)}
                if name != TUTORIAL:
                    arguments |= {"store": plan.store, "sentences": name == "sentences"}
                records[name].append(measure("indexing", TUTORIAL if name == TUTORIAL else GUIDE, arguments))
    return records


def adding(plan: Plan) -> Records:
    """One page more in a store of ADDED_TO passages: on a running server, and by a process of its own."""
    held, page = plan.folder / "adding-held", plan.folder / "looms.html"
    if not (held / "complete").exists():
        plan.say(f"adding: writing {ADDED_TO:,} passages")
        _share_models(plan.settings, held)
        measure("write_store", "adding", {"store": plan.store, "folder": str(held), "count": ADDED_TO})
        (held / "complete").touch()
    page.write_bytes(added_page(0))
    records: Records = {"server": [], "command": []}
    for repeat in range(plan.repeats):
        plan.say(f"adding: {repeat + 1} of {plan.repeats}")
        for name, arguments in (("server", {"pages": PAGES_ADDED}), ("command", {"file": str(page.resolve())})):
            with _scratch(plan, f"adding-{name}") as folder:
                shutil.copytree(held, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("models"))
                records[name].append(measure(name, "adding", {"folder": str(folder), **arguments}))
    return records


def limit(plan: Plan) -> Records:
    """What the machine can multiply, and what share of it embedding reaches."""
    some = plan.folder / "some.json"
    _some(Materials.read(plan.materials), plan.indexed_texts).write(some)
    records: Records = {"machine": [], GUIDE: []}
    for repeat in range(plan.repeats):
        plan.say(f"limit: {repeat + 1} of {plan.repeats}")
        records["machine"].append(measure("multiplying", "machine", {}))
        records[GUIDE].append(measure("embedding", GUIDE, {"store": plan.store, "materials": str(some)}))
    return records


def int8(plan: Plan) -> Records:
    """What int8 would change; nothing is timed, so once is enough."""
    plan.say("int8: exporting, embedding everything twice")
    return {GUIDE: [measure("loss", "int8", {"store": plan.store, "questions": INT8_QUESTIONS})]}


def growth(plan: Plan) -> Records:
    """How finding passages takes longer as the corpus grows."""
    records: Records = {}
    for size in plan.sizes:
        folders = {side: plan.folder / f"grown-{side}-{size}" for side in SIDES}
        _share_models(plan.settings, folders[GUIDE])
        plan.say(f"growth: writing {size:,} passages for both sides")
        lacking = [side for side in SIDES if not (folders[side] / "complete").exists()]
        # Written side by side, because only what is asked afterwards is timed.
        with ThreadPoolExecutor(len(SIDES)) as pool:
            list(pool.map(partial(_grow, plan, folders, size), lacking))
        arguments = {side: {"folder": str(folders[side]), "materials": str(plan.materials)} for side in SIDES}
        for side, found in _turns(plan, "growth", arguments, plan.repeats).items():
            records[f"{side} {size}"] = found
    return records


PARTS: dict[str, Callable[[Plan], Records]] = {
    "cold": cold,
    "latency": latency,
    "memory": memory,
    "reader": reader,
    "eye": eye,
    "chat": chat,
    "indexing": indexing,
    "adding": adding,
    "limit": limit,
    "int8": int8,
    "growth": growth,
}
"""By name, in the order in which they run."""


def _grow(plan: Plan, folders: Mapping[str, Path], size: int, side: str) -> None:
    measure("grow", side, {"store": plan.store, "folder": str(folders[side]), "count": size})
    (folders[side] / "complete").touch()


def _some(materials: Materials, count: int) -> Materials:
    """At least so many texts, of whole sources: the guide indexes documents."""
    kept = {text.source_id for text in materials.texts[:count]}
    return replace(materials, texts=tuple(text for text in materials.texts if text.source_id in kept))


@contextmanager
def _scratch(plan: Plan, name: str) -> Iterator[Path]:
    """An empty store's folder, gone afterwards."""
    folder = plan.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    _share_models(plan.settings, folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _share_models(settings: Settings, folder: Path) -> None:
    """Link the exported model into another store's folder, because exporting it again takes ten seconds."""
    target = folder / "models"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        target.symlink_to(models_folder(settings).resolve())
