"""Hostile files, made from a seed: torn and forged documents, bombs, polyglots, endless lines."""

import random
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from io import BytesIO

from evals.hostile.writers import report, slides, two_columns, word

PAGE = (
    '<!doctype html><html lang="en"><head><title>Fund</title><script type="application/ld+json">{"@type":"Article",'
    '"headline":"Fund"}</script></head><body><nav><ul><li>Home</li></ul></nav><article><h1>Fund</h1>'
    + "<p>The Falcon fund backs robots in Dudley and kilns in Stoke.</p><table><tr><th>A</th><td>1</td></tr></table>"
    * 5
    + "</article></body></html>"
).encode()
MARKDOWN = b"---\ntitle: Fund\n---\n# Fund\n\n> Quote\n\n- [a](b)\n\n| A | B |\n|---|---|\n| 1 | 2 |\n" * 3


READ_IN_PART = frozenset(
    {
        "words.txt",
        "blob.txt",
        "spans.html",
        "quotes.md",
        "lists.md",
        "brackets.md",
        "emphasis.md",
        "yaml.md",
        "json.html",
        "digits.html",
        "attributes.html",
        "comment.html",
        "stream.pdf",
    }
)
"""Crafted files that may be read, cut where they are too long; all others are to be refused."""


@lru_cache(maxsize=1)
def good() -> dict[str, bytes]:
    """A sound file of each format, by name."""
    return {
        "page.html": PAGE,
        "note.md": MARKDOWN,
        "note.txt": b'Register for free\n\nOpen until 3 May 2031.\n\nJane Doe,\nHead of AI, Acme\n\n"Yes."\n',
        "report.pdf": report(3),
        "columns.pdf": two_columns(),
        "minutes.docx": word("The board met.", table=(("A", "B"), ("1", "2"))),
        "talk.pptx": slides(("One", "Two")),
        "text.odt": odt("<text:h text:outline-level='1'>Head</text:h><text:p>The fund is open.</text:p>"),
        "book.epub": epub("<h1>Head</h1><p>The fund is open.</p>"),
    }


def zipped(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of those parts by name."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def odt(body: str) -> bytes:
    """An OpenDocument text with that body."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "text", "table")
    )
    content = f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body>"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"{content}</office:document-content>",
        }
    )


def epub(chapter: str) -> bytes:
    """A book of one chapter."""
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    package = '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="c" href="c.xhtml"/></manifest>'
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": f'{container}<rootfile full-path="p.opf"/></rootfiles></container>',
            "p.opf": f'{package}<spine><itemref idref="c"/></spine></package>',
            "c.xhtml": f"<html><body>{chapter}</body></html>",
        }
    )


def crafted() -> Iterator[tuple[str, bytes]]:
    """Attacks with a plan, by file name."""
    yield "deep.html", b"<div>" * 10_000 + b"Text." + b"</div>" * 10_000
    yield "spans.html", b"<html><body>" + b"<span><b>" * 50_000
    yield "line.txt", b"a" * 100_000_000
    yield "words.txt", b"word " * 3_000_000
    yield "blob.txt", b"Data: " + b"QUJD" * 1_000_000 + b". The fund is open."
    yield "broken.txt", bytes(range(128, 256)) * 2_000
    yield "zeros.txt", bytes(1_000_000)
    yield "quotes.md", b">" * 20_000 + b" deep"
    yield "lists.md", b"".join(b" " * depth + b"- x\n" for depth in range(1_500))
    yield "brackets.md", b"[" * 50_000
    yield "emphasis.md", b"*a **a " * 20_000
    yield "yaml.md", b"---\na: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n---\nText."
    yield "ratio.docx", zipped({"[Content_Types].xml": "<a/>", "word/document.xml": b"0" * 50_000_000})
    yield "many.docx", zipped({"word/document.xml": "<a/>", **{f"x/{number}": "" for number in range(6_000)}})
    yield "macro.docx", zipped({"word/document.xml": "<a/>", "word/vbaProject.bin": "x"})
    yield "empty.docx", zipped({"word/document.xml": ""})
    yield "two.docx", zipped({"word/document.xml": "<a/>", "ppt/presentation.xml": "<a/>"})
    yield "plain.zip", zipped({"a.txt": "Text."})
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield (
        "laughs.odt",
        zipped(
            {
                "mimetype": "application/vnd.oasis.opendocument.text",
                "content.xml": f'<!DOCTYPE a [<!ENTITY l0 "lol">{laughs}]><a>&l9;</a>',
            }
        ),
    )
    yield (
        "entity.odt",
        zipped(
            {
                "mimetype": "application/vnd.oasis.opendocument.text",
                "content.xml": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            }
        ),
    )
    yield "deep.odt", odt("<text:section>" * 5_000 + "<text:p>x</text:p>" + "</text:section>" * 5_000)
    yield "escape.epub", epub("x").replace(b"c.xhtml", b"../../e")
    yield "pdf.docx", good()["report.pdf"]
    yield "page.pdf", PAGE
    yield "zip.pdf", good()["report.pdf"] + zipped({"a": "b"})
    yield "late.pdf", b"<html>" + good()["report.pdf"]
    yield "pages.pdf", many_pages(5_000)
    yield (
        "loop.pdf",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Kids[2 0 R]/Count 9>>endobj\n%%EOF",
    )
    yield "stream.pdf", flate_bomb(60_000_000)
    yield "old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000)
    yield "locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(999)
    yield "program.txt", b"\x7fELF" + bytes(999)
    yield "json.html", b'<html><script type="application/ld+json">' + b"[" * 100_000 + b"</script><p>Text.</p></html>"
    yield "digits.html", b'<html><script type="application/ld+json">' + b"9" * 99_000 + b"</script><p>Text.</p></html>"
    yield "attributes.html", b"<html><p " + b"a=b " * 200_000 + b">Text.</p></html>"
    yield "comment.html", b"<html><!--" * 50_000 + b"<p>Text.</p>"


def many_pages(count: int) -> bytes:
    """A PDF that says it has so many pages, all of them the same."""
    kids = " ".join("3 0 R" for _ in range(count))
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids["
        + kids.encode()
        + f"]/Count {count}>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n".encode()
        + b"trailer<</Root 1 0 R>>\n%%EOF"
    )


def flate_bomb(size: int) -> bytes:
    """A page whose content unpacks to `size` bytes of drawing."""
    packed = zlib.compress(b"BT (x) Tj ET " * (size // 13), 9)
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
        + f"4 0 obj<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode()
        + packed
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def mutated(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Sound files that were cut, spliced and sprinkled with other bytes."""
    dice = random.Random(seed)  # noqa: S311
    names = sorted(good())
    ways: tuple[Callable[[bytearray, random.Random], None], ...] = (_cut, _flip, _repeat, _swap, _drop)
    for number in range(count):
        name = names[number % len(names)]
        data = bytearray(good()[name])
        for way in dice.sample(ways, dice.randint(1, 2)):
            way(data, dice)
        yield name, bytes(data)


def _cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data) + 1) :]


def _flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 40)):
        if data:
            data[dice.randrange(len(data))] = dice.randrange(256)


def _repeat(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data) + 1)
    data[start:start] = data[start : start + 200] * dice.randint(1, 200)


def _swap(data: bytearray, dice: random.Random) -> None:
    other = dice.choice(list(good().values()))
    start = dice.randrange(len(other))
    data.extend(other[start : start + 5_000])


def _drop(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data) + 1)
    del data[start : start + dice.randint(1, 500)]
