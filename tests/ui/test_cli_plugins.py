"""Sub-commands of other packages: found by name, imported only when called."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from ui_sample import CORPUS

Run = Callable[..., subprocess.CompletedProcess[str]]

MODULE = """
import sys

sys.stderr.write("imported ")


def app(args: list[str], prog_name: str) -> None:
    print(prog_name, args)
    sys.exit(3 if "--fail" in args else 0)
"""


@pytest.fixture
def plugin_path(tmp_path: Path) -> str:
    """A PYTHONPATH on which an installed package offers `wmai echo`."""
    (tmp_path / "echo_plugin.py").write_text(MODULE, encoding="utf-8")
    record = tmp_path / "echo_plugin-1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: echo-plugin\nVersion: 1.0\n", encoding="utf-8")
    (record / "entry_points.txt").write_text("[wmai.commands]\necho = echo_plugin:app\n", encoding="utf-8")
    return f"{CORPUS.parent}:{tmp_path}"


def test_a_sub_command_gets_its_arguments_untouched(run_wmai: Run, plugin_path: str) -> None:
    done = run_wmai("echo", "run", "--suite", "x", "--help", "-v", PYTHONPATH=plugin_path)
    assert (done.returncode, done.stdout) == (0, "wmai echo ['run', '--suite', 'x', '--help', '-v']\n"), done.stderr
    assert run_wmai("echo", "--fail", PYTHONPATH=plugin_path).returncode == 3


def test_it_is_listed_and_not_imported_by_other_commands(run_wmai: Run, plugin_path: str) -> None:
    done = run_wmai("--help", PYTHONPATH=plugin_path)
    assert "echo" in done.stdout
    assert "imported" not in done.stderr
