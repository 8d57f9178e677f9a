"""Who may use the guide from a page of another site: the policy, and the doors over the real pipeline."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from ui_sample import MEIF_QUESTION

from rag.config import Settings
from rag.errors import ConfigError
from rag.pipeline import Pipeline
from ui.embed import OFF_MESSAGE, SWITCH_FILE, exact_origin, is_own, read_policy

ALLOWED, HEALTH_ONLY, OTHER = "https://allowed.example", "https://health.example:8443", "https://other.example"
ASK = {"question": MEIF_QUESTION}
WIDGET_CALLS = [
    ("POST", "/api/ask"),
    ("POST", "/api/v1/ask"),
    ("POST", "/api/ask/stream"),
    ("POST", "/api/v1/ask/stream"),
    ("GET", "/api/search?q=Baskerville"),
    ("GET", "/api/v1/widget"),
    ("POST", "/api/v1/feedback"),
]


@pytest.fixture(scope="module")
def client(ui_settings: Settings, pipeline: Pipeline) -> Iterator[TestClient]:
    from ui.server import create_app

    update = {"embed_origins": f"{ALLOWED}/, {HEALTH_ONLY}=health+skills", "rate_client_minute": 0}
    with TestClient(create_app(ui_settings.model_copy(update=update), pipeline)) as opened:
        yield opened


def call(client: TestClient, method: str, path: str, **headers: str) -> tuple[int, str | None, dict[str, object]]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {**ASK, "answer": "a", "rating": "up"} if path.endswith("feedback") else ASK
    reply = client.request(method, path, json=body if method == "POST" else None, headers=names)
    content = reply.json() if "json" in reply.headers["content-type"] else {}
    return reply.status_code, reply.headers.get("access-control-allow-origin"), content


@pytest.mark.parametrize(("method", "path"), WIDGET_CALLS)
def test_what_a_widget_calls_is_open_to_named_origins_and_to_no_other(
    client: TestClient, method: str, path: str
) -> None:
    status, shared_with, _ = call(client, method, path, Origin=ALLOWED)
    assert (status // 100, shared_with) == (2, ALLOWED)
    for origin in (OTHER, "null", "http://allowed.example", f"{ALLOWED}:444", "https://sub.allowed.example"):
        status, shared_with, content = call(client, method, path, Origin=origin)
        assert (status, shared_with) == (403, None), origin
        assert content["error"]["code"] == "origin_not_allowed"  # type: ignore[index]
    # A program sends no origin, a page of the guide's own sends the guide's.
    assert call(client, method, path)[0] // 100 == 2
    assert call(client, method, path, Origin="http://testserver")[:2] == (201 if "feedback" in path else 200, None)


@pytest.mark.parametrize(("method", "path"), WIDGET_CALLS)
def test_a_browser_that_asks_first_is_told_the_same(client: TestClient, method: str, path: str) -> None:
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type"}
    yes = client.options(path, headers={**asked, "Origin": ALLOWED})
    assert yes.status_code == 204
    assert yes.headers["access-control-allow-origin"] == ALLOWED
    assert "access-control-allow-credentials" not in yes.headers
    no = client.options(path, headers={**asked, "Origin": OTHER})
    assert no.status_code == 403
    assert "access-control-allow-origin" not in no.headers


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/run/answer", "/mcp", "/v1/chat/completions"])
def test_nothing_else_takes_a_post_from_another_site_even_an_allowed_one(client: TestClient, path: str) -> None:
    for origin in (ALLOWED, OTHER, "null"):
        assert call(client, "POST", path, Origin=origin)[:2] == (403, None)
    assert call(client, "POST", path, Sec_Fetch_Site="cross-site")[0] == 403


def test_a_form_of_our_own_that_gives_no_referrer_away_is_let_through(client: TestClient) -> None:
    assert call(client, "POST", "/api/ask", Origin="null", Sec_Fetch_Site="same-origin")[0] == 200


def test_a_site_is_answered_from_its_own_themes_only(client: TestClient, pipeline: Pipeline) -> None:
    assert call(client, "POST", "/api/ask", Origin=ALLOWED)[2]["outcome"] == "answered"
    narrowed = client.post("/api/ask", json=ASK, headers={"Origin": HEALTH_ONLY}).json()
    view = pipeline.store.view()
    assert {view.source(hit["source_id"]).theme for hit in narrowed["hits"]} <= {"health", "skills"}
    assert narrowed["text"] != pipeline.ask(MEIF_QUESTION).text
    wide = client.post("/api/ask", json={**ASK, "themes": ["funding"]}, headers={"Origin": HEALTH_ONLY})
    assert wide.status_code == 400
    assert "health, skills" in wide.json()["error"]["remedy"]
    passage = pipeline.ask(MEIF_QUESTION).citations[0].passage.id
    assert client.get(f"/api/passages/{passage}", headers={"Origin": ALLOWED}).status_code == 200
    assert client.get(f"/api/passages/{passage}", headers={"Origin": HEALTH_ONLY}).status_code == 404


def test_only_named_sites_may_frame_pages_for_reading(client: TestClient, pipeline: Pipeline) -> None:
    passage = pipeline.ask(MEIF_QUESTION).citations[0].passage.id
    for path in ("/", f"/passages/{passage}"):
        policy = client.get(path).headers["content-security-policy"]
        assert f"frame-ancestors 'self' {ALLOWED} {HEALTH_ONLY}" in policy
    assert client.get("/docs").headers["content-security-policy"].endswith("frame-ancestors 'self'")


def test_the_switch_turns_widgets_off_and_on_while_the_server_runs(client: TestClient, ui_settings: Settings) -> None:
    switch = ui_settings.store / SWITCH_FILE
    switch.write_text("Back on Monday.", encoding="utf-8")
    try:
        status, shared_with, content = call(client, "POST", "/api/ask", Origin=ALLOWED)
        assert (status, shared_with) == (503, ALLOWED)
        assert content["error"] == {"code": "widget_off", "message": "Back on Monday.", "remedy": ""}
        assert call(client, "GET", "/api/widget", Origin=ALLOWED)[2]["off"] == "Back on Monday."
        assert call(client, "POST", "/api/ask")[0] == 200
        switch.write_text(" \n", encoding="utf-8")
        assert call(client, "GET", "/api/widget", Origin=ALLOWED)[2]["off"] == OFF_MESSAGE
    finally:
        switch.unlink()
    assert call(client, "POST", "/api/ask", Origin=ALLOWED)[0] == 200


def test_limits_are_kept_for_each_client_and_each_site(ui_settings: Settings, pipeline: Pipeline) -> None:
    from ui.server import create_app

    limits = {"rate_client_minute": 3, "rate_origin_day": 2, "embed_origins": ALLOWED}
    with TestClient(create_app(ui_settings.model_copy(update=limits), pipeline)) as client:
        assert [call(client, "POST", "/api/ask", Origin=ALLOWED)[0] for _ in range(3)] == [200, 200, 429]
        reply = client.post("/api/ask", json=ASK, headers={"Origin": ALLOWED})
        assert reply.headers["access-control-allow-origin"] == ALLOWED
        assert "Retry-After" in reply.headers["access-control-expose-headers"]
        assert reply.headers["content-type"] == "application/problem+json"
        assert 1 <= int(reply.headers["retry-after"]) <= 86_400
        assert "from this website: at most 2 in a day" in reply.json()["detail"]
        # The site's quota is used up; the client itself has one question left.
        assert [call(client, "POST", "/api/v1/ask")[0] for _ in range(2)] == [200, 429]
        assert client.post("/v1/chat/completions", json={}).status_code == 429
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "entry",
    [
        "*",
        "https://*.example.org",
        "example.org",
        "https://example.org/page",
        "ftp://a.example",
        "https://a:b@c.example",
    ],
)
def test_what_is_no_exact_origin_is_refused_with_the_remedy(entry: str) -> None:
    with pytest.raises(ConfigError, match="exact origin") as refused:
        read_policy(Settings(_env_file=None, embed_origins=f"https://good.example {entry}"))
    assert entry in refused.value.message
    assert refused.value.remedy


def test_origins_are_read_as_browsers_write_them() -> None:
    assert exact_origin("HTTPS://Example.ORG:443/") == "https://example.org"
    assert exact_origin("http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    policy = read_policy(Settings(_env_file=None, embed_origins="https://a.example,\n https://b.example=x+y"))
    assert dict(policy.themes_by_origin) == {"https://a.example": (), "https://b.example": ("x", "y")}


@pytest.mark.parametrize(
    ("origin", "host", "site", "own"),
    [
        (None, "g.example", "", True),
        (None, "g.example", "cross-site", False),
        ("https://g.example", "g.example:443", "", True),
        ("https://g.example:444", "g.example", "", False),
        ("https://g.example.evil.example", "g.example", "", False),
        ("null", "g.example", "", False),
        ("", "", "", False),
        ("null", "g.example", "same-origin", True),
    ],
)
def test_which_requests_are_our_own(origin: str | None, host: str, site: str, own: bool) -> None:
    assert is_own(origin, host, site) is own
