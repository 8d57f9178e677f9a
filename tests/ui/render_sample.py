"""Answers and sources to draw, hostile texts and addresses for every field of them, and what may come of those."""

from datetime import date
from html.parser import HTMLParser

from rag.types import Answer, Citation, Hit, Outcome, Passage, Sentence, Source

TODAY = date(2026, 11, 22)
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</template></textarea></style><iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "${alert(1)} {{constructor.constructor('alert(1)')()}} `x`",
    "<!--<script>-->alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202e<script>\u0000alert(1)</scr\u0000ipt>",
    "]]><math><mi xlink:href='javascript:alert(1)'>",
    "[x](javascript:alert(1)) ![y](https://evil.example/z.png)",
)
URLS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.example/x",
    "/relative",
    "https://",
    "http://user:password@evil.example/",
    "https://[broken/",
    "file:///etc/passwd",
    "blob:https://x",
    "",
)


class Tags(HTMLParser):
    """Collects what a browser would make of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parsed(fragment: str) -> Tags:
    tags = Tags()
    tags.feed(fragment)
    tags.close()
    return tags


def hit_with(text: str, url: str = "https://example.org/a", rank: int = 1) -> Hit:
    passage = Passage(id="p" + text[:5], source_id="s", text=text, start=0, end=len(text), heading=text, tokens=9)
    return Hit(passage=passage, source=source_with(text, url), score=0.5, rank=rank)


def source_with(text: str, url: str = "https://example.org/a", **fields: str | None) -> Source:
    return Source(id="s", title=text, publisher=text, url=url, recorded="2026-11-22", **fields)  # type: ignore[arg-type]


def answer_with(text: str, *, outcome: Outcome = Outcome.ANSWERED, url: str = "https://example.org/a") -> Answer:
    hit = hit_with(text, url)
    citation = Citation(marker=1, passage=hit.passage, source=hit.source, quote=text, start=0, end=len(text))
    return Answer(
        question=text,
        standalone_question=text + " again",
        outcome=outcome,
        reason="",
        text=f"{text} [1]" if outcome.is_answer else text,
        sentences=(Sentence(text=text, markers=(1,), support=0.9),) if outcome.is_answer else (),
        citations=(citation,) if outcome.is_answer else (),
        hits=(hit, hit_with("other " + text, url, 2)),
        suggestions=(text,),
        answerer="extractive",
        index_build="b",
    )


def assert_harmless(fragment: str) -> None:
    for tag, attributes in parsed(fragment).found:
        assert tag not in {"script", "img", "iframe", "math", "object", "embed", "base", "meta", "style"}, fragment
        for name, value in attributes.items():
            assert not name.startswith("on"), fragment
            assert name not in {"srcdoc", "style", "formaction"}, fragment
            if name in {"href", "src", "action"}:
                allowed = ("https://example.org/", "#card-", "/passages/", "/site/")
                assert (value or "").startswith(allowed), fragment
        assert tag != "svg" or attributes == {"class": "icon", "aria-hidden": "true", "focusable": "false"}
