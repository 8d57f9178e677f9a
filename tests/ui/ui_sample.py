"""What the sample store of these tests holds."""

import subprocess
from pathlib import Path

from rag.config import Settings

CORPUS = Path(__file__).parents[2] / "corpus"

SOURCE_IDS = frozenset(
    {
        "bbb-meif2",
        "bbc-27m-bootcamps",
        "birminghampost-meif2-2024",
        "businessdesk-meif2",
        "buildingbrum-bcu-70m",
        "cwgh-new-era",
        "fenews-ai-scholarships-bcu",
        "github-baskerville",
        "guardian-silicon-spa",
        "hdruk-pioneer",
        "iambirmingham-steamhouse-2017",
        "jlr-nvidia-2023",
        "mfm-2018",
        "midlands-engine-ai-spotlight",
        "midlandsengine-ai-cluster-2024",
        "tbm-coventry-81m",
        "uob-hubs-2019",
        "warwickonline-silicon-spa",
        "warwickshireworld-western",
        "wmca-bootcamp-rules-2223",
    }
)
"""Briefings of the corpus from which QUESTIONS are answered."""

MEIF_QUESTION = "Who delivers the Midlands Engine Investment Fund II?"
QUESTIONS = (
    MEIF_QUESTION,
    "How many AI companies are there in the Midlands?",
    "Are skills bootcamps in the West Midlands free?",
    "Who leads the Midlands Future Mobility consortium?",
    "Who directs the PIONEER health data hub?",
    "Which organisations make up the Baskerville consortium?",
    "What is STEAMhouse in Birmingham?",
    "What is Silicon Spa?",
)

HOSTILE_QUESTION = "How much did the Zanzibar Foundry Fund give Dudley?"
HOSTILE = """\
---
id: hostile
title: 'Zanzibar <script>window.hit=1</script> Foundry <img src=x onerror="window.hit=1"> {{this}} ${window.hit=1}'
publisher: '<svg onload=window.hit=1> Press'
url: https://example.org/zanzibar?a="><script>window.hit=1</script>
recorded: 2026-11-22
topics: [funding]
places: [Dudley]
licence: Apache-2.0
---

The Zanzibar Foundry Fund gave <img src=x onerror="window.hit=1"> £7m to Dudley in 2025 ${window.hit=1} {{this}}.
"""
"""A briefing that tries to run in the reader's browser."""


def environment(settings: Settings, **extra: str) -> dict[str, str]:
    """What a command of the test runs with: the sample store, nothing of the caller's own settings."""
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(CORPUS.parent),
        "WMAI_STORE": str(settings.store),
        "WMAI_CORPUS": str(settings.corpus),
        "LANG": "C.UTF-8",
        **extra,
    }


def assert_clear(done: subprocess.CompletedProcess[str], code: int) -> None:
    """A message for people, nothing on standard output, the exit code that was promised."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
