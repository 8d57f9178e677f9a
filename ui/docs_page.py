"""The API described as a page of its own, from its OpenAPI record: nothing is loaded from another machine. Pure."""

from typing import Any

from ui.escape import escape
from ui.problems import CODES
from ui.site_page import site_page


def docs_page(openapi: dict[str, Any]) -> str:
    """Every operation with what it does and what it takes."""
    items: list[str] = []
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            text = operation.get("description", operation.get("summary", ""))
            takes = ", ".join(parameter["name"] for parameter in operation.get("parameters", ()))
            takes_text = f" Takes: {takes}." if takes else ""
            items.append(
                f"<dt><code>{escape(method.upper())} {escape(path)}</code></dt><dd>{_with_code(text + takes_text)}</dd>"
            )
    codes = "".join(
        f'<dt id="{escape(code)}"><code>{status} {escape(code)}</code></dt><dd>{escape(meaning)}</dd>'
        for code, status, meaning in CODES
    )
    return site_page(
        "API",
        "<header><h1>API</h1>"
        '<p>The full description, with examples, is at <a href="/openapi.json">/openapi.json</a>. Every path below '
        "<code>/api</code> is there below <code>/api/v1</code> too, for programs that want to name the version. "
        'The <a href="/widget/demo">widget</a> brings the guide into another web page.</p></header>'
        f"<dl>{''.join(items)}</dl><h2>Errors</h2><p>Errors are problem documents (RFC 9457) with a member "
        "<code>&#123;&quot;error&quot;: &#123;&quot;code&quot;, &quot;message&quot;, &quot;remedy&quot;&#125;&#125;"
        f"</code>.</p><dl>{codes}</dl>",
        scripts=(),
    )


def _with_code(text: str) -> str:
    """The text with what stands between backticks as code."""
    parts = text.split("`")
    return "".join(f"<code>{escape(part)}</code>" if place % 2 else escape(part) for place, part in enumerate(parts))
