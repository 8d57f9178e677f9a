"""The examples above an empty conversation: from the bank, by theme, and answered within the filters in force."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from rag.config import Settings
from rag.pipeline import Pipeline
from rag.selection import Selection
from rag.store import SelectedStore, View
from ui.escape import escape
from ui.examples import SHOWN, examples, examples_html


class OtherBuild(View):
    """The same sources under the id of another build."""

    build_id = "00000000000000ff"


@pytest.fixture(scope="module")
def view(guide: Pipeline) -> View:
    return guide.store.view()


@pytest.fixture(scope="module")
def client(ui_settings: Settings, pipeline: Pipeline) -> Iterator[TestClient]:
    from ui.server import create_app

    with TestClient(create_app(ui_settings, pipeline)) as opened:
        yield opened


def asked(html: str) -> list[str]:
    return re.findall(r'data-ask="([^"]+)"', html)


def test_they_are_of_different_themes_under_the_names_of_the_vocabulary(view: View) -> None:
    shown = examples(view, SHOWN)
    assert len({item.source.theme for item in shown}) == SHOWN
    html = examples_html(view)
    assert all(view.theme_names()[item.source.theme].replace("&", "&amp;") in html for item in shown)
    assert "Funding and investment" in view.theme_names().values()
    assert len(examples(view, 1000)) == len(view.questions())


def test_a_build_always_shows_the_same_and_another_one_others(guide: Pipeline, view: View) -> None:
    assert examples(view, SHOWN) == examples(guide.store.view(), SHOWN)
    other = OtherBuild(view._held)
    assert set(examples(other, SHOWN)) != set(examples(view, SHOWN))


def test_those_shown_are_answered(guide: Pipeline, view: View) -> None:
    assert [item.question for item in examples(view, SHOWN) if not guide.ask(item.question).citations] == []


def test_they_follow_the_filters(guide: Pipeline) -> None:
    held = SelectedStore(guide.store, Selection(themes=("health",), published_from=2024)).view()
    shown = examples(held, SHOWN)
    assert shown
    assert all(item.source.theme == "health" and (item.source.published or "") >= "2024" for item in shown)


def test_the_page_asks_for_those_within_the_filters(client: TestClient, pipeline: Pipeline) -> None:
    assert client.post("/chat/examples", json={}).json()["html"] == examples_html(pipeline.store.view())
    held = pipeline.store.questions()
    theme = held[0].source.theme
    narrow = asked(client.post("/chat/examples", json={"themes": [theme]}).json()["html"])
    assert narrow
    assert set(narrow) <= {escape(item.question) for item in held if item.source.theme == theme}
    none = client.post("/chat/examples", json={"places": ["Nowhere"]}).json()["html"]
    assert "No example fits the filters" in none
    assert client.post("/chat/examples", json={"themes": 3}).status_code == 400


def test_the_widget_shows_those_of_its_own_themes_and_places(client: TestClient) -> None:
    assert client.get("/api/v1/widget", params={"place": "Nowhere"}).json()["examples"] == []
    assert client.get("/api/v1/widget").json()["examples"]
