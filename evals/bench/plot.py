"""The two plots of docs/performance.md: how many times better the guide is, and how search grows with the corpus."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evals.bench.figures import GROWN_MS, growth_sizes
from evals.bench.parts import GUIDE, TUTORIAL
from evals.bench.row import Found, Row, pick, spread
from evals.report.plots import COLOURS, INK, QUIET, STYLE, draw, svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHORT = COLOURS[1]
"""Of a bar that falls short of what is asked."""
_LINES = ((GUIDE, COLOURS[0]), (TUTORIAL, COLOURS[1]))
_FONT = "font-family: Helvetica Neue, Arial, Liberation Sans, sans-serif"


def ratio_plot(lines: Sequence[Row]) -> str:
    """SVG: a bar for each figure that something is asked of, as long as the guide is better; empty where none is."""
    import matplotlib

    shown = [(row, row.ratio) for row in lines if row.ratio and row.ratio_min]
    if not shown:
        return ""
    with matplotlib.rc_context(STYLE):
        drawing, axes = draw(7.6, 0.9 + 0.55 * len(shown))
        for place, (row, ratio) in enumerate(shown):
            _bar(axes, place, row, ratio.median, (ratio.least, ratio.most))
        axes.set_yticks(range(len(shown)), [row.name for row, _ in shown])
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_xlim(0, 1.45 * max(max(ratio.most, row.ratio_min) for row, ratio in shown))
        axes.axvline(1, color=INK, linewidth=1)
        axes.set_xlabel(f"times better than {TUTORIAL}, median and extremes; the mark is what is asked for")
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        return _standing(svg(drawing, "ratios", "How many times better the guide is"))


def _bar(axes: "Axes", place: int, row: Row, median: float, extremes: tuple[float, float]) -> None:
    """One bar with its whisker, the mark of what is asked, and both sides' own figures behind it."""
    colour = COLOURS[0] if row.met else SHORT
    axes.barh(place, median, height=0.55, color=colour, alpha=0.75)
    axes.plot(extremes, [place, place], color=INK, linewidth=0.9)
    axes.plot([row.ratio_min] * 2, [place - 0.38, place + 0.38], color=INK, linewidth=2.2)
    theirs = row.tutorial.median if row.tutorial else 0.0
    text = f"{median:.1f} × · {_told(row.guide.median)} against {_told(theirs)} {row.unit}"
    axes.annotate(
        text, (max(extremes[1], row.ratio_min), place), xytext=(7, 0), textcoords="offset points", va="center",
        color=INK, fontsize=8.5,
    )  # fmt: skip


def _told(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def growth_plot(found: Found) -> str:
    """SVG: milliseconds at the median and at the 95th percentile against passages held, on logarithmic axes."""
    import matplotlib

    sizes = growth_sizes(found)
    with matplotlib.rc_context(STYLE):
        drawing, axes = draw(7.6, 3.8)
        for side, colour in _LINES:
            for quantile, dashes in (("p50", "-"), ("p95", "--")):
                shown = [spread(pick(found, f"{side} {size}", "retrieval_ms", quantile)) for size in sizes]
                medians = [one.median for one in shown]
                axes.plot(sizes, medians, dashes, color=colour, marker="o", markersize=4, linewidth=1.8)
                axes.fill_between(
                    sizes, [one.least for one in shown], [one.most for one in shown], color=colour, alpha=0.12
                )
                # A line says itself what it is: no eye has to go to a legend and back.
                axes.annotate(
                    f"{side}, {quantile}: {_told(medians[-1])} ms", (sizes[-1], medians[-1]), xytext=(8, 0),
                    textcoords="offset points", va="center", color=colour, fontsize=8.5,
                )  # fmt: skip
        axes.axhline(GROWN_MS, color=QUIET, linewidth=1, linestyle=":")
        axes.annotate(
            f"asked for at p95: {GROWN_MS:g} ms", (1, GROWN_MS), xycoords=("axes fraction", "data"), xytext=(0, 3),
            textcoords="offset points", ha="right", color=QUIET, fontsize=8.5,
        )  # fmt: skip
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.minorticks_off()
        axes.set_yticks(ticks := [5, 10, 20, 50, 100, 200, 500], [str(tick) for tick in ticks])
        axes.set_xlim(sizes[0] * 0.8, sizes[-1] * (sizes[-1] / sizes[0]) ** 0.45 * 1.6)
        axes.set_xlabel("passages held")
        axes.set_ylabel("milliseconds to find passages")
        return _standing(svg(drawing, "growth", "Milliseconds to find passages against passages held"))


def _standing(drawing: str) -> str:
    """The drawing as a file of its own, which has no page to take its typeface from."""
    return drawing.replace("<svg", f'<svg style="{_FONT}"', 1)
