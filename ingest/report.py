"""What an index run did."""

from dataclasses import dataclass
from typing import Any

from ingest.briefing import Problem
from ingest.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Outcome of a run, or with dry_run what it would be."""

    plan: Plan
    refused: tuple[Problem, ...]
    """Files that could not be indexed; an older version of them stays in the index."""
    sources: int
    """Sources in the index afterwards."""
    passages: int
    sentences: int
    embedded: int
    """Texts for which the model ran; 0 for a dry run, which does not know."""
    seconds: float
    build_id: str
    """Build to be read now; empty where there is none yet."""
    published: bool
    """Whether a new build was made."""
    dry_run: bool
    warnings: tuple[tuple[str, str], ...] = ()
    """Source id and what a person should look at, of sources that were read anew."""
    copies: tuple[tuple[str, str], ...] = ()
    """Id of each source that was found to be a copy in this run, and of the one that stands for it."""
    skipped: tuple[str, ...] = ()
    """Sources that were read and are retired: they stay out."""

    @property
    def exit_code(self) -> int:
        """1 when a file was refused, else 0."""
        return 1 if self.refused else 0

    def to_json(self) -> dict[str, Any]:
        """The form that `wmai index --json` prints."""
        return {
            "added": list(self.plan.added),
            "changed": list(self.plan.changed),
            "removed": list(self.plan.removed),
            "renamed": [{"from": old, "to": new} for old, new in self.plan.renamed],
            "unchanged": len(self.plan.unchanged),
            "refused": [
                {"file": str(item.file), "line": item.line, "problem": item.problem, "remedy": item.remedy}
                for item in self.refused
            ],
            "warnings": [{"id": id_, "warning": warning} for id_, warning in self.warnings],
            "copies": [{"id": id_, "copy_of": primary} for id_, primary in self.copies],
            "retired": list(self.skipped),
            "sources": self.sources,
            "passages": self.passages,
            "sentences": self.sentences,
            "embedded": self.embedded,
            "seconds": round(self.seconds, 3),
            "build_id": self.build_id,
            "published": self.published,
            "dry_run": self.dry_run,
        }

    def summary(self) -> str:
        """One line for people."""
        plan = self.plan
        counts = ", ".join(
            f"{len(ids)} {name}"
            for name, ids in (
                ("added", plan.added),
                ("changed", plan.changed),
                ("removed", plan.removed),
                ("unchanged", plan.unchanged),
            )
        )
        renamed = f" ({len(plan.renamed)} renamed)" if plan.renamed else ""
        files = len({item.file for item in self.refused})
        refused = f", {files} refused" if files else ""
        refused += f", {len(self.skipped)} retired" if self.skipped else ""
        if self.dry_run:
            return f"Would be: {counts}{renamed}{refused}. Nothing was written."
        held = f"{self.sources} sources, {self.passages} passages, {self.sentences} sentences"
        return f"{counts}{renamed}{refused}. The index holds {held} (build {self.build_id}), {self.seconds:.1f} s."
