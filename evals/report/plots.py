"""The plots of a report, each an SVG that stands in the page. matplotlib draws them; nothing is fetched."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from evals.calibration import Calibration
from evals.figures import Figure
from evals.report.curves import TradeOff

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

COLOURS = ("#1b4f8f", "#c2571a", "#3d7a4e", "#7a4b94", "#8a7a2c")
INK = "#1d2328"
QUIET = "#68737d"
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e3e7ea",
    "axes.axisbelow": True,
    "legend.frameon": False,
}


def draw(width: float, height: float) -> "tuple[Canvas, Axes]":
    """An empty drawing of so many inches, and its axes."""
    # matplotlib takes most of a second to import; only reports need it. Figure alone, so that no display is sought.
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Drawing

    drawing = Drawing(figsize=(width, height), layout="constrained")
    FigureCanvasSVG(drawing)
    return drawing, drawing.add_subplot()


def svg(drawing: "Canvas", name: str, label: str) -> str:
    """The drawing as an SVG element; `name` is its own in a page, `label` is read out."""
    import matplotlib

    out = io.StringIO()
    _lay_out(drawing)
    # Ids are hashed with the plot's name, so that two plots in one page cannot share one.
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": name, "svg.id": name}):
        drawing.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font: \1 inherit", svg)
    # Names that nothing refers to would stand in the page once for every plot.
    named = set(re.findall(r"#([\w-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda match: match[0] if match[1] in named else "", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)


def _lay_out(drawing: "Canvas") -> None:
    """Settle where everything goes, once: for a drawing that is not yet laid out savefig draws all of it twice."""
    engine = drawing.get_layout_engine()
    if engine is not None:
        engine.execute(drawing)
        drawing.set_layout_engine("none")


def strata_plot(chosen: Mapping[str, Sequence[Figure]], name: str, title: str) -> str:
    """Horizontal bars of one share by stratum, with intervals; `chosen` are the figures of each system."""
    import matplotlib

    strata = list(dict.fromkeys(figure.stratum for held in chosen.values() for figure in held))
    with matplotlib.rc_context(STYLE):
        drawing, axes = draw(6.4, 0.9 + 0.26 * len(strata) * (0.6 + 0.55 * len(chosen)))
        thickness = 0.8 / len(chosen)
        for number, (system, held) in enumerate(chosen.items()):
            by_stratum = {figure.stratum: figure for figure in held if figure.value is not None and figure.interval}
            rows = [row for row, stratum in enumerate(strata) if stratum in by_stratum]
            shown = [by_stratum[strata[row]] for row in rows]
            values = np.array([100 * (figure.value or 0.0) for figure in shown])
            spread = np.array(
                [
                    (max(0.0, value - 100 * figure.interval.low), max(0.0, 100 * figure.interval.high - value))
                    for value, figure in zip(values, shown, strict=True)
                    if figure.interval
                ]
            ).T.reshape(2, -1)
            places = np.array(rows) + (number - (len(chosen) - 1) / 2) * thickness
            axes.barh(
                places, values, height=thickness * 0.9, color=COLOURS[number % len(COLOURS)], alpha=0.6, label=system,
                xerr=spread,
                error_kw={"ecolor": INK, "elinewidth": 0.8, "capsize": 1.5},
            )  # fmt: skip
        asked = {figure.stratum: figure.n_asked for held in chosen.values() for figure in held}
        axes.set_yticks(range(len(strata)), [f"{stratum} (n {asked[stratum]})" for stratum in strata])
        axes.set_ylim(len(strata) - 0.5, -0.5)
        axes.set_xlim(0, 102)
        axes.set_xlabel(f"{title}, % with 95 % interval")
        axes.grid(visible=False, axis="y")
        if len(chosen) > 1:
            axes.legend(ncols=min(len(chosen), 4), loc="upper center", bbox_to_anchor=(0.4, -0.9 / (len(strata) + 1)))
    return svg(drawing, name, title)


def latency_plot(durations_ms: Mapping[str, Sequence[float]]) -> str:
    """Share of replies that took at most so long, by system."""
    import matplotlib

    with matplotlib.rc_context(STYLE):
        drawing, axes = draw(4.6, 3.2)
        for number, (system, values) in enumerate(durations_ms.items()):
            colour = COLOURS[number % len(COLOURS)]
            ordered = np.sort(np.asarray(values, dtype=np.float64))
            if not ordered.size:
                continue
            axes.step(
                ordered, 100 * np.arange(1, ordered.size + 1) / ordered.size, where="post", color=colour, label=system
            )
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _place: f"{value:g}")
        axes.set_ylim(0, 101)
        for share in (50, 95):
            axes.axhline(share, color=QUIET, linewidth=0.7, linestyle=":")
        axes.set_xlabel("milliseconds, log scale")
        axes.set_ylabel("% of replies done")
        axes.legend(fontsize=8)
    return svg(drawing, "latency", "Distribution of latency")


def trade_off_plot(curves: Mapping[str, TradeOff]) -> str:
    """Right refusals over false refusals as the floor rises; the dot is where the system stands."""
    import matplotlib

    with matplotlib.rc_context(STYLE):
        drawing, axes = draw(4.6, 3.2)
        for number, (system, curve) in enumerate(curves.items()):
            colour = COLOURS[number % len(COLOURS)]
            places = [(100 * point.false_refusals, 100 * point.right_refusals) for point in curve.curve]
            if places:
                axes.plot(*zip(*places, strict=True), color=colour, linewidth=1.3)
            for place, point in list(zip(places, curve.curve, strict=True))[20:-1:20]:
                axes.plot(*place, "|", color=colour, markersize=7)
                axes.annotate(
                    f"{point.floor:.1f}", place, textcoords="offset points", xytext=(3, -10), fontsize=7, color=colour
                )
            stands = (100 * curve.stands.false_refusals, 100 * curve.stands.right_refusals)
            axes.plot(*stands, "o", color=colour, label=system)
        axes.set_xlim(-2, 102)
        axes.set_ylim(-2, 102)
        axes.set_xlabel("% of answerable questions refused")
        axes.set_ylabel("% of questions to refuse that are")
        axes.legend(fontsize=8, loc="lower right")
    return svg(drawing, "trade-off", "Refusals over the floor")


def calibration_plot(held: Sequence[Calibration]) -> str:
    """Share that is so by what was stated, with exact intervals and n; on the diagonal it means what it says."""
    import matplotlib

    with matplotlib.rc_context(STYLE):
        drawing, axes = draw(4.6, 3.2)
        axes.plot([0, 100], [0, 100], color=QUIET, linewidth=0.8, linestyle=":")
        for number, one in enumerate(held):
            values = [100 * part.share for part in one.bins]
            places = [100 * part.stated for part in one.bins]
            low = [max(0.0, 100 * (part.share - part.interval.low)) for part in one.bins]
            high = [max(0.0, 100 * (part.interval.high - part.share)) for part in one.bins]
            colour = COLOURS[number % len(COLOURS)]
            axes.errorbar(
                places, values, yerr=[low, high], fmt="o-", color=colour, label=one.system, capsize=2, linewidth=1
            )
            for place, value, part in zip(places, values, one.bins, strict=True):
                axes.annotate(
                    f"n {part.n}", (place, value), textcoords="offset points", xytext=(4, -10 if value > 8 else 5),
                    fontsize=6.5, color=colour,
                )  # fmt: skip
        axes.set_xlim(-2, 108)
        axes.set_ylim(-4, 104)
        axes.set_xlabel("stated, %")
        axes.set_ylabel("so, %")
        axes.legend(fontsize=8, loc="upper left")
    return svg(drawing, f"calibration-{held[0].name}", held[0].title)
