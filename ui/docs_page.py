"""The API described as a page of its own, from its OpenAPI record: nothing is loaded from another machine. Pure."""

from typing import Any

from ui.escape import escape
from ui.passage_page import document


def docs_page(openapi: dict[str, Any]) -> str:
    """Every operation with what it does and what it takes."""
    items: list[str] = []
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            text = operation.get("description", operation.get("summary", ""))
            takes = ", ".join(parameter["name"] for parameter in operation.get("parameters", ()))
            takes_text = f" Takes: {takes}." if takes else ""
            items.append(
                f"<dt><code>{escape(method.upper())} {escape(path)}</code></dt><dd>{escape(text + takes_text)}</dd>"
            )
    return document(
        "API",
        '<header><p class="brand"><a href="/">West Midlands AI guide</a></p><h1>API</h1>'
        '<p>The full description is at <a href="/openapi.json">/openapi.json</a>. Errors are '
        '<code>&#123;"error": &#123;"code", "message", "remedy"&#125;&#125;</code>.</p></header>'
        f"<dl>{''.join(items)}</dl>",
    )
