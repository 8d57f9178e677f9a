"""axe-core, run in whatever page a test has open."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = (Path(__file__).parent / "ui" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


def violations(page: "Page") -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA and its own good practice.

    A page whose policy allows no script is opened with `bypass_csp`, for the checker is a script too.
    """
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate("(tags) => axe.run({ runOnly: tags }).then((r) => r.violations)", TAGS)
    return [f"{item['id']}: {node['target']} {node['failureSummary']}" for item in found for node in item["nodes"]]
