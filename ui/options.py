"""What every sub-command shares: the options --store and --json, and settings read once from the outside."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from rag.config import Settings
from rag.errors import ConfigError

StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store", metavar="DIR", help="Folder of the index. Default: WMAI_STORE, else .wmai", show_default=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output and nothing else there.")]


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment and `.env`, with the given fields (None: not given) on top.

    Raises:
        ConfigError: a value cannot be used; the message names the setting, the value seen and the one wanted.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = "; ".join(
            f"WMAI_{'_'.join(str(part) for part in item['loc']).upper()} is {item['input']!r}: {item['msg']}"
            for item in error.errors(include_url=False)
        )
        raise ConfigError(f"Settings cannot be used. {problems}.", "Mend it in the environment or in .env.") from error


def write_json(value: object) -> None:
    """Write one JSON document and a newline to standard output, as UTF-8."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()
