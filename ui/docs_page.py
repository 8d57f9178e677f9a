"""The API described as a page of its own, from its OpenAPI record: nothing is loaded from another machine. Pure."""

from typing import Any

from ui.escape import escape
from ui.passage_page import document
from ui.problems import CODES


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
    codes = "".join(
        f'<dt id="{escape(code)}"><code>{status} {escape(code)}</code></dt><dd>{escape(meaning)}</dd>'
        for code, status, meaning in CODES
    )
    return document(
        "API",
        '<header><p class="brand"><a href="/">West Midlands AI guide</a></p><h1>API</h1>'
        '<p>The full description, with examples, is at <a href="/openapi.json">/openapi.json</a>. Every path below '
        "<code>/api</code> is there below <code>/api/v1</code> too, for programs that want to name the version. "
        'The <a href="/widget/demo">widget</a> brings the guide into another web page.</p></header>'
        f"<dl>{''.join(items)}</dl><h2>Errors</h2><p>Errors are problem documents (RFC 9457) with a member "
        "<code>&#123;&quot;error&quot;: &#123;&quot;code&quot;, &quot;message&quot;, &quot;remedy&quot;&#125;&#125;"
        f"</code>.</p><dl>{codes}</dl>",
    )
