"""The commands that look after the guide, and what every command has in common."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ui_sample import CORPUS, MEIF_QUESTION, SOURCE_IDS, assert_clear, environment

from rag.config import Settings

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_sources_are_listed_shown_checked_and_removed(run_wmai: Run, store_copy: Path) -> None:
    listed = run_wmai("sources", "list", "--json", "--store", str(store_copy))
    assert {source["id"] for source in json.loads(listed.stdout)} == {*SOURCE_IDS, "hostile"}
    lines = run_wmai("sources", "list", "--store", str(store_copy)).stdout.splitlines()
    assert len(lines) == len(SOURCE_IDS) + 1
    assert "bbb-meif2\t2023-06-20\tBritish Business Bank\t" in "\n".join(lines)
    shown = json.loads(run_wmai("sources", "show", "bbb-meif2", "--json", "--store", str(store_copy)).stdout)
    assert all(shown["text"][item["start"] : item["end"]] == item["text"] for item in shown["passages"])
    removed = run_wmai("sources", "remove", "bbb-meif2", "--store", str(store_copy))
    assert removed.returncode == 0, removed.stderr
    retired = run_wmai("sources", "show", "bbb-meif2", "--store", str(store_copy))
    assert "State: retired" in retired.stdout
    assert "bbb-meif2" not in run_wmai("sources", "list", "--store", str(store_copy)).stdout
    assert "bbb-meif2" in run_wmai("sources", "list", "--all", "--store", str(store_copy)).stdout
    asked = run_wmai("ask", MEIF_QUESTION, "--json", "--store", str(store_copy))
    assert "bbb-meif2" not in {hit["source_id"] for hit in json.loads(asked.stdout)["hits"]}
    assert run_wmai("sources", "restore", "bbb-meif2", "--store", str(store_copy)).returncode == 0
    assert "── " in run_wmai("sources", "show", "bbb-meif2", "--store", str(store_copy)).stdout
    assert "bbb-meif2" in run_wmai("sources", "list", "--store", str(store_copy)).stdout
    assert_clear(run_wmai("sources", "show", "no-such-source", "--store", str(store_copy)), 2)


def test_sources_check_names_file_line_and_remedy(run_wmai: Run, tmp_path: Path) -> None:
    (tmp_path / "funding").mkdir()
    shutil.copy(CORPUS / "vocabulary.yaml", tmp_path)
    (tmp_path / "funding" / "broken.md").write_text("No front matter.\n", encoding="utf-8")
    done = run_wmai("sources", "check", str(tmp_path))
    assert done.returncode == 1
    assert "broken.md:1:" in done.stdout
    assert "Traceback" not in done.stderr


def test_doctor_says_what_is_there(run_wmai: Run, tmp_path: Path) -> None:
    done = run_wmai("doctor", "--json")
    assert done.returncode == 0, done.stderr
    findings = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert findings["embedding model"]["sound"]
    assert f"{len(SOURCE_IDS) + 1} sources" in next(
        finding["detail"] for name, finding in findings.items() if name.startswith("store")
    )


def test_doctor_fails_where_the_store_is_missing(run_wmai: Run, exported_models: Path, tmp_path: Path) -> None:
    (tmp_path / "models").symlink_to(exported_models)
    done = run_wmai("doctor", "--store", str(tmp_path))
    assert done.returncode == 1
    assert "wmai index" in done.stdout


def test_help_teaches_with_an_example(run_wmai: Run) -> None:
    assert run_wmai("--help").returncode == 0
    for command in ("ask", "batch", "search", "index", "serve", "doctor"):
        done = run_wmai(command, "--help")
        assert done.returncode == 0
        assert f"Example: wmai {command}" in " ".join(done.stdout.split())


def test_wrong_usage_is_exit_code_2(run_wmai: Run) -> None:
    assert_clear(run_wmai("ask"), 2)
    assert_clear(run_wmai("fly"), 2)
    assert_clear(run_wmai("search", "x", "-k", "0"), 2)


def test_a_taken_port_is_named(run_wmai: Run) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_wmai("serve", "--port", str(port))
    assert_clear(done, 2)
    assert str(port) in done.stderr


def test_a_reader_that_goes_away_causes_no_complaint(ui_settings: Settings) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "sources", "list", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(ui_settings),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    os.close(process.stdout.fileno())
    process.wait(timeout=60)
    assert process.stderr.read() == b""


HEAVY = "['torch', 'gradio', 'langchain', 'langchain_core', 'sentence_transformers', 'transformers', 'evals']"


@pytest.mark.parametrize("arguments", [["--help"], ["ask", MEIF_QUESTION, "--json"], ["index", "--dry-run"]])
def test_nothing_heavy_is_imported_on_the_way_to_an_answer(ui_settings: Settings, arguments: list[str]) -> None:
    script = (
        "import sys\nfrom ui.cli import main\ntry:\n    main(sys.argv[1:])\nexcept SystemExit as exit:\n"
        f"    sys.stderr.write(repr((exit.code, [name for name in {HEAVY} if name in sys.modules])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        env=environment(ui_settings),
        check=False,
        timeout=120,
    )
    assert done.stderr.endswith("(0, [])"), done.stderr
