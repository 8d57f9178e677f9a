"""The examples of the README are run as they stand, against a real server."""

import json
import re
import subprocess
import sys
from pathlib import Path

from ui_sample import CORPUS, MEIF_QUESTION

README = (CORPUS.parent / "README.md").read_text(encoding="utf-8")
SECTION = README.split("## Put it into a page, a program, an assistant")[1].split("\n## ")[0]


def block(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def test_the_curl_example(server: str) -> None:
    command = block("sh").replace("http://127.0.0.1:7860", server)
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(done.stdout)["outcome"] in {"answered", "partial", "not_in_sources"}


def test_the_python_example(server: str, tmp_path: Path) -> None:
    script = block("python")
    assert len(script.splitlines()) <= 35
    (tmp_path / "client.py").write_text(script, encoding="utf-8")
    command = [sys.executable, "-I", str(tmp_path / "client.py"), server]
    done = subprocess.run([*command, MEIF_QUESTION], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "British Business Bank" in done.stdout
    assert "[1] “" in done.stdout
    assert "https://" in done.stdout
    refused = subprocess.run([*command, " "], capture_output=True, text=True, timeout=120, check=False)
    assert refused.returncode == 1
    assert "question is empty" in refused.stderr
