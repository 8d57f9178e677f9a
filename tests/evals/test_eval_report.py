import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from accessibility import violations
from eval_systems import SUITE, Scripted, cited_answer, perfect, source_text, throwing
from patience import BROWSER_WAIT_MS
from test_eval_run import made_with

from evals.cases import Case
from evals.compare import compare, load_side
from evals.evaluate import evaluate_systems
from evals.gate import Gate, judge
from evals.report.curves import trade_off
from evals.report.page import write_comparison
from evals.report.rows import pieces, safe_url
from evals.rundir import REPORT
from evals.suites import Suite
from rag.types import Answer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = "<script>alert(1)</script> & <img src=x onerror=alert(2)>"


def hostile(question: str) -> Answer:
    answer = cited_answer(question, "fund")
    source = replace(answer.citations[0].source, title=HOSTILE, url="javascript:alert(3)")
    return replace(answer, text=f"{HOSTILE} [1]", citations=(replace(answer.citations[0], source=source),))


def hostile_suite() -> Suite:
    case = Case(id="h-1", kind="<b>kind</b>", question=HOSTILE, must_include=((HOSTILE,),), source_ids=("fund",))
    return Suite(name="hostile", cases=(case, *SUITE.cases), split="all")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of three systems: sound, broken, hostile."""
    suite = hostile_suite()
    systems = {"sound": Scripted(lambda q: perfect(q)), "broken": Scripted(throwing(3)), "hostile": Scripted(hostile)}
    folder = tmp_path_factory.mktemp("report") / "run"
    stamp = made_with(suite, {"systems": list(systems)})
    return evaluate_systems(suite, systems, source_text, stamp, folder).folder / REPORT


def test_what_is_said_in_questions_and_answers_is_never_markup(page: Path) -> None:
    html = page.read_text()
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "<b>kind</b>" not in html
    assert "javascript:" not in html
    assert html.count("<script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;img" in html


def test_the_page_names_nothing_outside_but_links(page: Path) -> None:
    html = page.read_text()
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:,|https?://)""", html)
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']https?:", html)
    assert "@import" not in html
    assert not re.findall(r"url\((?!#)", html)


def test_failures_are_listed(page: Path) -> None:
    assert "failures of the system" in page.read_text()
    assert "ValueError: boom" in page.read_text()


def test_figures_stand_by_stratum_with_interval_and_n(page: Path) -> None:
    html = page.read_text()
    for title in ("sound, by kind", "broken, by answerable"):
        assert title in html
    assert re.search(r"to refuse</th><td class=\"value\">[\d.]+ % \([\d.]+–[\d.]+\) n \d/\d", html)


def test_plots_share_no_ids_and_escape_their_labels(page: Path) -> None:
    html = page.read_text()
    drawings = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    assert len(drawings) >= 4
    seen: set[str] = set()
    for drawing in drawings:
        ids = {element.get("id", "") for element in ElementTree.fromstring(drawing).iter()} - {""}  # noqa: S314
        assert not ids & seen
        seen |= ids


def test_markers_are_cut_out_of_the_text() -> None:
    assert [(piece.words, piece.marker) for piece in pieces("One. [1] Two [2, 3].")] == [
        ("One.", ""),
        ("", "1"),
        (" Two", ""),
        ("", "2, 3"),
        (".", ""),
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//a.example", "", "file:///etc/passwd"])
def test_only_web_addresses_are_linked(url: str) -> None:
    assert safe_url(url) == ""
    assert safe_url("https://a.example/b") == "https://a.example/b"


def test_the_trade_off_by_hand(tmp_path: Path) -> None:
    """Answerable with 0.8, 0.6, 0.4, 0.2; to refuse with 0.5 (answered) and 0.1 (refused)."""
    sure = {"a-1": 0.8, "a-2": 0.6, "a-3": 0.4, "a-4": 0.2, "u-1": 0.5, "u-2": 0.1}
    by_question = {case.question: sure[case.id] for case in SUITE.cases}

    def reply(question: str) -> Answer:
        answer = cited_answer(question, "fund") if by_question[question] == 0.5 else perfect(question)
        return replace(answer, confidence=by_question[question])

    found = evaluate_systems(SUITE, {"it": Scripted(reply)}, source_text, made_with(), tmp_path / "run")
    trade = trade_off(found.judged["it"])
    assert trade is not None
    assert (trade.stands.false_refusals, trade.stands.right_refusals) == (0.0, 0.5)
    at = {round(point.floor or 0.0, 2): (point.false_refusals, point.right_refusals) for point in trade.curve}
    assert (at[0.0], at[0.15], at[0.3], at[0.55], at[1.0]) == ((0, 0), (0, 0.5), (0.25, 0.5), (0.5, 1.0), (1.0, 1.0))
    # Of eight pairs, two stand the wrong way round: 0.4 and 0.2 against 0.5.
    assert trade.area == pytest.approx(6 / 8)


def test_a_system_that_states_no_confidence_has_no_curve(tmp_path: Path) -> None:
    found = evaluate_systems(SUITE, {"it": Scripted()}, source_text, made_with(), tmp_path / "run")
    trade = trade_off(found.judged["it"])
    assert trade is not None
    assert trade.curve == ()
    assert trade.stands.right_refusals == 1.0


def comparison_page(folder: Path) -> Path:
    evaluate_systems(SUITE, {"it": Scripted()}, source_text, made_with(), folder / "good")
    evaluate_systems(SUITE, {"it": Scripted(hostile)}, source_text, made_with(), folder / "bad")
    found = compare(load_side(folder / "good"), load_side(folder / "bad"))
    write_comparison(folder / "compare.html", found, judge({"right": Gate(low_min=0.9)}, found))
    return folder / "compare.html"


def test_a_comparison_shows_the_gate_and_both_answers(tmp_path: Path) -> None:
    html = comparison_page(tmp_path).read_text()
    assert "Gate: shut" in html
    assert "Lost: 6" in html
    assert "<script>alert" not in html
    assert "The laboratory in Coventry opened in May 2025. [1]" in html


@pytest.mark.browser
@pytest.mark.parametrize("width", [400, 1400])
def test_the_pages_work_in_a_browser_without_a_request(
    page: Path, tmp_path: Path, browser: "Browser", width: int
) -> None:
    said: list[str] = []
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        context.set_default_timeout(BROWSER_WAIT_MS)
        for path in (page, comparison_page(tmp_path)):
            tab = context.new_page()
            tab.on("console", lambda message: said.append(message.text))
            tab.on("pageerror", lambda error: said.append(str(error)))
            tab.on(
                "request",
                lambda request: said.append(request.url) if request.url[:5] not in {"file:", "data:"} else None,
            )
            tab.goto(path.resolve().as_uri())
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            tab.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
            assert violations(tab) == []
            tab.emulate_media(color_scheme="dark")
            assert violations(tab) == []
        tab = context.new_page()
        tab.goto(page.resolve().as_uri())
        tab.select_option("select[name=verdict]", "wrong")
        tab.select_option("select[name=system]", "broken")
        assert tab.inner_text("#count") == "3 of 21 shown"
        tab.fill("input[name=words]", "laboratory")
        assert tab.locator(".case:visible").count() == 1
        tab.click("#open-all")
        assert tab.locator(".case:visible .body").is_visible()
    assert said == []
