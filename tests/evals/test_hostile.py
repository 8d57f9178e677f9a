"""`python -m evals.hostile` on the real reading process and the real fetcher, and what it takes for wrong."""

import os
import re
import subprocess
import sys

import pytest

from evals.hostile.__main__ import address_rows, file_rows
from evals.hostile.addresses import Attempt
from evals.hostile.reading import Reading
from ingest.readers.errors import OversizedSource, ReaderEnded
from ingest.readers.extracted import Block, Extracted

READ = Extracted("text", (Block("paragraph", "The fund is open."),))
REFUSED = OversizedSource("Too large.", "Split it.")


def test_no_hostile_file_does_harm_and_no_inside_address_is_reached() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evals.hostile", "--files", "500", "--addresses", "300"],
        capture_output=True, text=True, check=False, env={**os.environ, "WMAI_FETCH_ALLOW_LOOPBACK": "false"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "root:" not in done.stdout
    read = re.search(r"hostile files: 500: (\d+) read, refused (\d+) DamagedSource", done.stdout)
    assert read, done.stdout
    # Mutations both spare and break files: else they would prove little.
    assert int(read[1]) > 50
    assert int(read[2]) > 20
    for promise in ("crashes: 0", "read though to be refused: 0", "dialled: 0", "reached: 0"):
        assert f"\n{promise}\n" in done.stdout, done.stdout
    assert "inside addresses tried: 300: 100 by written, 100 by redirect, 100 by name" in done.stdout


@pytest.mark.parametrize(
    ("reading", "wrong"),
    [
        (Reading("a.txt", READ, may_be_read=True, cpu_s=0.1, seconds=30.0), set()),
        (Reading("a.pdf", REFUSED, may_be_read=False, cpu_s=0.1, seconds=0.1), set()),
        (Reading("a.pdf", READ, may_be_read=False, cpu_s=0.1, seconds=0.1), {"read though to be refused"}),
        (Reading("a.pdf", ReaderEnded("x", "y"), may_be_read=True, cpu_s=0.1, seconds=0.1), {"crashes"}),
        (Reading("a.pdf", REFUSED, may_be_read=True, cpu_s=21.0, seconds=21.0), {"slowest file (at most 20 s)"}),
    ],
)
def test_what_a_file_must_not_do(reading: Reading, wrong: set[str]) -> None:
    assert {name for name, _, right in file_rows([reading], memory_mb=100.0) if not right} == wrong


def test_memory_has_a_bound() -> None:
    reading = Reading("a.txt", READ, may_be_read=True, cpu_s=0.1, seconds=0.1)
    assert [name for name, _, right in file_rows([reading], memory_mb=501.0) if not right] == [
        "most memory (at most 500 MB)"
    ]


def test_an_address_that_was_dialled_or_reached_is_wrong() -> None:
    attempts = [Attempt("written", "http://10.0.0.1/", refused=False)]
    rows = {name: (value, right) for name, value, right in address_rows(attempts, knocks=1)}
    assert rows["dialled"] == ("1 (http://10.0.0.1/)", False)
    assert rows["reached"] == ("1", False)
