"""Pages from the web on the command line, and the password and token for the staff page."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from site_sample import Site, reply
from ui_sample import assert_clear

from ui.staff.secrets import password_fits, token_fits

Run = Callable[..., subprocess.CompletedProcess[str]]

PAGE = """<html lang="en"><head><title>Drone register</title><meta property="article:published_time"
content="2025-06-02T10:00:00Z"></head><body><nav>Home News</nav><article><h1>Drone register</h1>
<p>Stafford Borough keeps a register of {number} drones that fly for its farms.</p>
<p>The register was opened in June and every owner is listed in it by name.</p></article></body></html>"""


@pytest.fixture
def run(run_wmai: Run, exported_models: Path, tmp_path: Path) -> Run:
    """Runs `wmai` on an empty store, with loopback open to fetches."""
    store = tmp_path / "store"
    store.mkdir()
    (store / "models").symlink_to(exported_models)
    settings = {"WMAI_STORE": str(store), "WMAI_FETCH_ALLOW_LOOPBACK": "true", "WMAI_FETCH_INTERVAL_S": "0"}
    return lambda *arguments, **more: run_wmai(*arguments, **settings, **more)


@pytest.fixture
def pages(site: Site) -> Site:
    site.pages |= {
        f"/drones-{number}": reply(PAGE.format(number=number), ETag=f'"{number}"') for number in (113, 217, 331)
    }
    items = "".join(f"<item><link>/drones-{number}</link></item>" for number in (113, 217))
    site.pages["/feed"] = reply(f"<rss version='2.0'><channel>{items}</channel></rss>", content_type="text/xml")
    return site


def test_pages_feeds_and_lists_are_indexed_and_fetched_again(run: Run, pages: Site, tmp_path: Path) -> None:
    listed = tmp_path / "sources.txt"
    listed.write_text(f"# Ours\n{pages.url('/drones-331')}\n{pages.url('/lost')}\n", encoding="utf-8")
    done = run("index", pages.url("/feed"), str(listed), "--meta", "topics=drones", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1  # one page of the list is not there
    assert len(told["added"]) == 3
    assert [item["file"] for item in told["refused"]] == [pages.url("/lost")]
    shown = json.loads(run("sources", "show", told["added"][0], "--json").stdout)
    assert (shown["title"], shown["published"], shown["topics"]) == ("Drone register", "2025-06-02", ["drones"])
    again = run("sources", "refresh", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["unchanged"] == 3
    del pages.pages["/drones-331"]
    lines = run("sources", "refresh").stdout
    assert "1 missing" in lines, lines
    assert "The older text stays." in lines


def test_what_cannot_be_fetched_is_told_in_a_line(run: Run, pages: Site, tmp_path: Path) -> None:
    done = run("index", pages.url("/lost"), "http://169.254.169.254/latest/", "ftp://example.org/x")
    assert done.returncode == 1
    assert "is not there (404)" in done.stdout
    assert "link-local" in done.stdout
    assert "ftp://example.org/x" in done.stdout
    assert "Traceback" not in done.stderr
    bad = tmp_path / "sources.txt"
    bad.write_text("no address\n", encoding="utf-8")
    assert_clear(run("index", str(bad)), 1)


def test_a_password_is_hashed_for_the_settings(run: Run) -> None:
    done = run("staff", "hash-password", stdin="copper kettle orbit maple\n")
    assert done.returncode == 0, done.stderr
    name, _, hashed = done.stdout.strip().partition("=")
    assert name == "WMAI_STAFF_PASSWORD_HASH"
    assert password_fits("copper kettle orbit maple", hashed)
    assert "copper" not in done.stdout + done.stderr


def test_a_token_is_made_and_shown_once(run: Run) -> None:
    done = run("staff", "new-token")
    name, _, hashed = done.stdout.strip().partition("=")
    assert name == "WMAI_STAFF_TOKEN_HASH"
    assert token_fits(done.stderr.strip().rpartition(" ")[2], hashed)
