"""How finding passages takes longer as the corpus grows, as a plot."""

from evals.bench.figures import Found, growth_sizes, pick, spread
from evals.bench.parts import GUIDE, TUTORIAL
from evals.report.plots import COLOURS, STYLE, draw, svg

_LINES = ((GUIDE, COLOURS[0]), (TUTORIAL, COLOURS[1]))


def growth_plot(found: Found) -> str:
    """SVG: milliseconds at the median and at the 95th percentile against passages held, on logarithmic axes."""
    import matplotlib

    sizes = growth_sizes(found)
    with matplotlib.rc_context(STYLE):
        drawing, axes = draw(6.4, 3.4)
        for side, colour in _LINES:
            for quantile, dashes in (("p50", "-"), ("p95", "--")):
                shown = [spread(pick(found, f"{side} {size}", "retrieval_ms", quantile)) for size in sizes]
                axes.plot(
                    sizes, [one.median for one in shown], dashes, color=colour, marker="o", markersize=4,
                    label=f"{side}, {quantile}",
                )  # fmt: skip
                axes.fill_between(
                    sizes, [one.least for one in shown], [one.most for one in shown], color=colour, alpha=0.12
                )
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("passages held")
        axes.set_ylabel("milliseconds to find passages")
        axes.legend()
        return svg(drawing, "growth", "Milliseconds to find passages against passages held")
