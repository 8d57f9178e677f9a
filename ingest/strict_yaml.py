"""YAML as plain text values: nothing is guessed to be a date, a number or a truth value, and no key may come twice."""

from typing import Any

import yaml

from rag.errors import WmaiError


class StrictYamlError(WmaiError):
    """The text is not YAML, or names a key twice. `line` counts from 1 within the text."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}", "Mend the YAML there: `key: value`, lists as `[a, b]` or `- a`.")
        self.line = line
        self.problem = problem


class _Loader(yaml.BaseLoader):
    """BaseLoader leaves every scalar a string, so `published: 2024` and a title `No` mean what they look like."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    """Build a mapping; plain PyYAML would silently keep the last of two equal keys."""
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in out:
            raise StrictYamlError(key_node.start_mark.line + 1, f"the key `{key}` comes twice")
        out[key] = loader.construct_object(value_node, deep=True)
    return out


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(text: str) -> tuple[Any, dict[str, int]]:
    """Read one YAML document; return its value and, for a mapping, the line of each top-level key (from 1).

    Raises StrictYamlError where the text cannot be read.
    """
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None, {}
            lines: dict[str, int] = {}
            if isinstance(node, yaml.MappingNode):
                lines = {str(k.value): k.start_mark.line + 1 for k, _ in node.value}
            return loader.construct_document(node), lines
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise StrictYamlError(mark.line + 1 if mark else 1, error.problem or "not YAML") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        raise StrictYamlError(line, "a character that YAML does not allow") from error
    except yaml.YAMLError as error:
        raise StrictYamlError(1, "not YAML") from error
    except RecursionError as error:
        raise StrictYamlError(1, "nested too deeply") from error
