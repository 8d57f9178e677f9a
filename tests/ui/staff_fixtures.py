"""A guide with a staff page on a store of its own, served on loopback, and the web that it fetches from."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from site_sample import Site, reply
from threaded_server import served_in_thread

from ingest.sync import index
from rag.config import Settings
from rag.pipeline import Pipeline
from ui.staff.secrets import hash_password, new_token

PASSWORD = "copper kettle orbit maple"  # noqa: S105  of no one
TOKEN, TOKEN_HASH = new_token()
MARKUP = "<script>window.hit=1</script><img src=x onerror=window.hit=1>"
_BRIEFING = """\
---
id: {id}
title: {title}
publisher: Test Press
url: https://example.org/{id}
published: "2025-06-02"
recorded: 2026-11-22
topics: [drones]
places: [Stafford]
licence: Apache-2.0
---

{body}
"""


def make_settings(root: Path, models: Path, **fields: object) -> Settings:
    """Settings on an indexed store of two briefings, with the staff page and its API open."""
    corpus, store = root / "corpus", root / "store"
    (corpus / "data").mkdir(parents=True)
    store.mkdir()
    (store / "models").symlink_to(models)
    texts = {
        "drones": "Stafford Borough keeps a register of 113 drones that fly for its farms.",
        "nurses": "Walsall Hospital trains 40 nurses a year to read scans with software.",
    }
    for id_, body in texts.items():
        text = _BRIEFING.format(id=id_, title=f"About {id_}", body=body)
        (corpus / "data" / f"{id_}.md").write_text(text, encoding="utf-8")
    settings = Settings.model_validate(
        {
            "store": store,
            "corpus": corpus,
            "fetch_allow_loopback": True,
            "fetch_interval_s": 0.0,
            "fetch_timeout_s": 10.0,
            "staff_password_hash": hash_password(PASSWORD),
            "staff_token_hash": TOKEN_HASH,
            **fields,
        }
    )
    index(settings)
    return settings


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Address of the guide, served from a thread of this process."""
    from ui.server import create_app

    with Pipeline.open(settings) as pipeline, served_in_thread(create_app(settings, pipeline)) as address:
        yield address


@pytest.fixture(scope="session")
def staff_settings(exported_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the guide that staff_server serves."""
    return make_settings(tmp_path_factory.mktemp("staff"), exported_models)


@pytest.fixture(scope="session")
def staff_server(staff_settings: Settings) -> Iterator[str]:
    """Address of a guide with a staff page; tests add sources of their own to it."""
    with served(staff_settings) as address:
        yield address


def fund_text(name: str) -> str:
    """What the page about a fund says of it."""
    return f"The {name} Fund lends up to £250,000 to robotics firms in Dudley."


def fill(site: Site, name: str) -> Site:
    """Pages to add: one about the fund of that name, and one whose title, text and links are hostile.

    All tests of a session publish to one guide: each has a fund of its own, so that what it finds there is its own.
    """
    filler = "<p>The council set the fund up in March with three banks, and its board meets every month.</p>"
    escaped = MARKUP.replace("<", "&lt;")
    site.pages["/fund"] = reply(
        f"<html lang='en'><head><title>{name} Fund opens</title></head><body><nav>Home News</nav><article>"
        f"<h1>{name} Fund opens</h1><p>{fund_text(name)}</p>{filler}</article></body></html>",
        ETag='"1"',
    )
    site.pages["/hostile"] = reply(
        f"<html><head><title>{escaped}</title><link rel='canonical' href='javascript:window.hit=1'>"
        f"<meta name='author' content='{escaped}'></head><body><article><h1>{escaped}</h1>"
        f"<p>The Oldbury Forge Fund {escaped} gives £9m to foundries in Oldbury each year.</p>{filler}"
        "</article></body></html>"
    )
    return site
