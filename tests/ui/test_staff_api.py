"""The staff page over HTTP: who gets in, and the whole life of a source through the API."""

import threading
from collections.abc import Iterator
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from scripted import ScriptedPipeline
from site_sample import Site, reply
from staff_fixtures import MARKUP, PASSWORD, TOKEN, fill, fund_text

from rag.config import Settings
from rag.pipeline import Pipeline
from rag.store import Store
from ui.problems import add_handlers
from ui.staff.desk import Desk
from ui.staff.door import COOKIE, Door
from ui.staff.routes import Pages
from ui.staff.sessions import Attempts

Json = dict[str, Any]


@pytest.fixture
def api(staff_server: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=staff_server, headers=headers, timeout=120, trust_env=False) as client:
        yield client


@pytest.fixture
def anyone(staff_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=staff_server, timeout=120, trust_env=False) as client:
        yield client


def ended(api: httpx.Client, job: Json) -> Json:
    pause = threading.Event()
    while job["state"] in ("waiting", "running"):
        pause.wait(0.1)
        job = api.get(f"/api/staff/jobs/{job['job_id']}").json()
    return job


def finished(api: httpx.Client, job: Json) -> Json:
    over = ended(api, job)
    assert over["state"] == "done", over
    return over


def add_text(api: httpx.Client, name: str, text: str, **metadata: str) -> str:
    """Add a file through the API; the identifier of its source."""
    sent = api.post("/api/staff/files", params={"name": name}, content=text, headers={"Content-Type": "text/plain"})
    assert sent.status_code == 201, sent.text
    draft = sent.json()
    assert all(draft["text"][item["start"] : item["end"]] == item["text"] for item in draft["passages"])
    published = api.post(f"/api/staff/drafts/{draft['draft_id']}/publish", json={"metadata": metadata})
    assert published.status_code == 202, published.text
    finished(api, published.json())
    return str(draft["source"]["id"])


def found(api: httpx.Client, words: str) -> set[str]:
    return {hit["source_id"] for hit in api.get("/api/search", params={"q": words}).json()["hits"]}


PATHS = ("/staff", "/staff/login", "/staff/sources/x", "/api/staff/sources", "/api/staff/nothing")


def test_without_a_password_or_token_there_is_no_staff_page() -> None:
    from ui.server import create_app

    app = create_app(Settings(_env_file=None), cast(Pipeline, ScriptedPipeline()))
    with TestClient(app) as client:
        for path in PATHS:
            assert client.get(path).status_code == 404
            assert client.post(path, data={"password": ""}).status_code == 404


def test_who_is_not_logged_in_is_shown_the_door(anyone: httpx.Client) -> None:
    for path in ("/staff", "/staff/add", "/staff/unanswered", "/staff/jobs/x.json", "/staff/sources/drones"):
        shown = anyone.get(path)
        assert (shown.status_code, shown.headers["location"]) == (303, "/staff/login")
        assert anyone.get(path, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 303
        assert anyone.get(path, headers={"Cookie": f"{COOKIE}=guess"}).status_code == 303
    assert anyone.post("/staff/sources/drones/retire", data={"csrf": ""}).status_code == 303


def test_the_pages_carry_a_strict_policy_and_the_cookie_is_closed(anyone: httpx.Client) -> None:
    shown = anyone.post("/staff/login", data={"password": PASSWORD}, headers={"Origin": str(anyone.base_url)})
    assert shown.headers["location"] == "/staff"
    cookie = shown.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/staff"))
    page = anyone.get("/staff")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert " style=" not in page.text
    assert " onclick=" not in page.text


def test_a_form_of_another_site_changes_nothing(anyone: httpx.Client) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert anyone.post("/staff/login", data={"password": PASSWORD}, headers=headers).status_code == 403
    anyone.post("/staff/login", data={"password": PASSWORD})
    page = anyone.get("/staff").text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    path = "/staff/sources/drones/retire"
    assert anyone.post(path, data={"csrf": "guess"}).status_code == 403
    assert anyone.post(path).status_code == 403
    assert anyone.post(path, data={"csrf": token}, headers={"Origin": "https://evil.example"}).status_code == 403
    assert anyone.get("/staff", params={"q": "drones"}).text.count("Retired: not shown") == 0
    assert anyone.post("/staff/logout", data={"csrf": token}).status_code == 303
    assert anyone.get("/staff").status_code == 303


def test_guessing_is_stopped_over_http_too(staff_settings: Settings) -> None:
    app = FastAPI()
    add_handlers(app)
    Pages(Door(staff_settings), cast(Desk, None)).add_to(app)
    with TestClient(app) as client:
        statuses = [client.post("/staff/login", data={"password": "x"}).status_code for _ in range(6)]
        assert statuses == [403] * Attempts.OF_ONE_MAX + [429]
        assert client.post("/staff/login", data={"password": PASSWORD}).status_code == 429


def test_the_api_asks_for_its_token(anyone: httpx.Client) -> None:
    anyone.post("/staff/login", data={"password": PASSWORD})
    for headers in ({}, {"Authorization": "Bearer guess"}, {"Authorization": f"Basic {TOKEN}"}):
        for method, path in (("GET", "/api/staff/sources"), ("POST", "/api/staff/sources/drones/retire")):
            refused = anyone.request(method, path, headers=headers)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"


def test_only_staff_may_send_large_bodies(api: httpx.Client, anyone: httpx.Client) -> None:
    text = "Rugeley has a kiln of note, and it is fired every week. " * 5_000
    for path in ("/api/staff/files?name=a.txt", "/staff/add/file", "/api/staff/pages"):
        assert anyone.post(path, content=text).status_code == 413
    sent = api.post("/api/staff/files", params={"name": "a.txt"}, content=text)
    assert sent.status_code == 201
    assert api.delete(f"/api/staff/drafts/{sent.json()['draft_id']}").status_code == 200
    assert api.get(f"/api/staff/drafts/{sent.json()['draft_id']}").status_code == 404


def test_a_page_is_previewed_mended_published_retired_restored_and_refreshed(api: httpx.Client, site: Site) -> None:
    url = fill(site, "Brackenhill").url("/fund")
    draft = api.post("/api/staff/pages", json={"url": url}).json()
    id_ = draft["source"]["id"]
    assert fund_text("Brackenhill") in draft["text"]
    assert "Home News" not in draft["text"]
    assert id_ not in found(api, "Brackenhill Fund robotics")
    publish = f"/api/staff/drafts/{draft['draft_id']}/publish"
    bad = api.post(publish, json={"metadata": {"published": "last week"}})
    assert bad.status_code == 422, bad.text
    assert "published" in bad.text
    mended = {"publisher": "Dudley Council", "published": "2025-03-01"}
    finished(api, api.post(publish, json={"metadata": mended}).json())
    assert id_ in found(api, "Brackenhill Fund robotics")
    held = api.get(f"/api/staff/sources/{id_}").json()
    assert (held["publisher"], held["published"], held["state"]) == ("Dudley Council", "2025-03-01", "current")
    finished(api, api.post(f"/api/staff/sources/{id_}/retire").json())
    assert id_ not in found(api, "Brackenhill Fund robotics")
    assert api.get("/api/staff/sources", params={"state": "retired"}).json()["sources"][0]["id"] == id_
    finished(api, api.post(f"/api/staff/sources/{id_}/restore").json())
    assert id_ in found(api, "Brackenhill Fund robotics")
    site.pages["/fund"] = reply("down", 500)
    told = finished(api, api.post(f"/api/staff/sources/{id_}/refresh").json())
    assert "The older text stays." in " ".join(told["lines"])
    assert id_ in found(api, "Brackenhill Fund robotics")
    record = api.get(f"/api/staff/sources/{id_}").json()
    assert (record["state"], [item["outcome"] for item in record["fetches"]]) == ("failing", ["failed", "added"])
    assert api.post(f"/api/staff/sources/{id_}/explode").status_code == 404
    assert api.post("/api/staff/sources/nobody/retire").status_code == 404


def test_what_staff_correct_stays_so_when_the_page_is_fetched_again(api: httpx.Client, site: Site) -> None:
    draft = api.post("/api/staff/pages", json={"url": fill(site, "Thistledown").url("/fund")}).json()
    finished(api, api.post(f"/api/staff/drafts/{draft['draft_id']}/publish", json={}).json())
    path = f"/api/staff/sources/{draft['source']['id']}"
    text = api.get(path).json()["passages"][0]["text"]
    bad = api.post(f"{path}/correct", json={"metadata": {"published": "last week"}})
    assert (bad.status_code, "published" in bad.text) == (422, True)
    said = {"title": "Thistledown Fund, corrected", "valid_until": "2031-03-31", "topics": "looms; wool", "author": ""}
    finished(api, api.post(f"{path}/correct", json={"metadata": said}).json())
    fill(site, "Thistledown, now grown,")
    finished(api, api.post(f"{path}/refresh").json())
    held = api.get(path).json()
    assert (held["title"], held["valid_until"]) == ("Thistledown Fund, corrected", "2031-03-31")
    assert held["passages"][0]["text"] != text
    briefing = api.post("/api/staff/sources/nurses/correct", json={"metadata": {"title": "Nurses"}}).json()
    told = " ".join(ended(api, briefing)["lines"])
    assert "is a briefing" in told
    assert "nurses.md" in told
    assert api.post("/api/staff/sources/nobody/correct", json={}).status_code == 404


def test_an_upload_that_has_no_title_goes_by_its_name(api: httpx.Client) -> None:
    sent = api.post("/api/staff/files", params={"name": "kites.txt"}, content="Forty kites fly over Clee Hill.\n")
    assert (sent.json()["source"]["title"], sent.json()["source"]["publisher"]) == ("kites.txt", "")


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "file:///etc/passwd", "http://u:p@127.0.0.1/", "x"])
def test_the_staff_page_fetches_nothing_inside(api: httpx.Client, url: str) -> None:
    refused = api.post("/api/staff/pages", json={"url": url})
    assert refused.status_code == 422
    assert "u:p" not in refused.text


def test_the_chat_answers_while_sources_are_indexed(api: httpx.Client) -> None:
    lines = (f"Tipton mill number {n} was rebuilt in {1800 + n} by owner {n * 7}." for n in range(150))
    sent = api.post("/api/staff/files", params={"name": "mills.txt"}, content="\n\n".join(lines))
    job = api.post(f"/api/staff/drafts/{sent.json()['draft_id']}/publish", json={}).json()
    answers = 0
    while api.get(f"/api/staff/jobs/{job['job_id']}").json()["state"] not in ("done", "failed"):
        asked = api.post("/api/ask", json={"question": "How many drones are on the Stafford Borough register?"})
        assert asked.json()["outcome"] == "answered", asked.text
        answers += 1
    assert answers > 0
    finished(api, api.get(f"/api/staff/jobs/{job['job_id']}").json())
    assert api.get("/api/staff/sources", params={"q": "drones"}).json()["sources"][0]["cited"] >= answers


def test_questions_asked_in_vain_are_put_together(api: httpx.Client, staff_settings: Settings) -> None:
    with Store.open(staff_settings) as store:
        nearest = [passage.id for passage in store.source_passages("nurses")]
        for question in ("Who sells zithers?", "who sells zithers", f"What is {MARKUP}?"):
            store.log_unanswered(question, "not_in_sources", "no_match", [*nearest, "vanished"])
        store.add_feedback(MARKUP, MARKUP, store.build_id, "down", "wrong", MARKUP)
    groups = api.get("/api/staff/unanswered").json()["questions"]
    (zithers,) = [group for group in groups if "zithers" in group["question"].lower()]
    assert zithers["count"] == 2
    assert [item["source_id"] for item in zithers["nearest"]] == ["nurses"]
    assert api.get("/api/staff/feedback").json()["feedback"][0]["rating"] == "down"


def test_a_file_that_cannot_be_read_is_told(api: httpx.Client) -> None:
    for name, data in (("empty.txt", b""), ("x.exe", b"MZ" + bytes(500)), ("torn.pdf", b"%PDF-1.7\nnothing")):
        refused = api.post("/api/staff/files", params={"name": name}, content=data)
        assert refused.status_code == 422, (name, refused.text)
    id_ = add_text(api, "../../etc/Minutes <b>of</b> March.txt", "Netherton board met on Monday and chose a chair.\n")
    assert id_.startswith("minutes-b-of-b-march") or id_.startswith("b-march")
