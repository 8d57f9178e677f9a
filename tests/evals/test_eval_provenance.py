import hashlib
import json
from pathlib import Path

from evals.provenance import digest_of, provenance, settings_table
from rag.config import Settings

ROOT = Path(__file__).parents[2]


def test_a_run_is_stamped_with_all_that_it_was_made_with() -> None:
    stamp = provenance(Settings(_env_file=None), {"build_id": "b"}, ["wmai", "bm25"])
    assert stamp["systems"] == ["wmai", "bm25"]
    assert stamp["index"] == {"build_id": "b"}
    assert set(stamp) == {
        "commit", "dirty", "changes", "systems", "settings", "settings_digest", "index", "models", "packages",
        "machine", "statistics",
    }  # fmt: skip
    models = stamp["models"]
    assert isinstance(models, dict)
    assert models["fitted"] == hashlib.sha256((ROOT / "rag" / "fitted.json").read_bytes()).hexdigest()
    assert all(len(digest) == 64 for digest in models.values())
    packages = stamp["packages"]
    assert isinstance(packages, dict)
    assert "not installed" not in packages.values()


def test_no_secret_and_no_place_reaches_a_run() -> None:
    plain = settings_table(Settings(_env_file=None))
    elsewhere = settings_table(
        Settings.model_validate(
            {"store": "/there", "port": 1, "llm_api_key": "sk-x", "llm_base_url": "https://me:word@model.example/v1"}
        )
    )
    assert digest_of(elsewhere) == digest_of(plain)
    assert not any(word in json.dumps(elsewhere) for word in ("sk-x", "word@", "/there"))
    assert digest_of(settings_table(Settings.model_validate({"chunk_tokens": 99}))) != digest_of(plain)
