"""PowerPoint by python-pptx: slide by slide, from the top down; speaker notes were not meant for readers."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ingest.readers.errors import DamagedSource, OversizedSource
from ingest.readers.extracted import Block
from ingest.readers.office import core_metadata, reading_errors
from ingest.readers.tables import rows_as_blocks

if TYPE_CHECKING:
    from pptx.slide import Slide

SLIDES_MAX = 1_000
_GROUP_DEPTH_MAX = 8


def read_pptx(data: bytes) -> tuple[tuple[Block, ...], dict[str, str]]:
    """The blocks, each with its slide as its page, and the core properties. Raises DamagedSource, OversizedSource."""
    import pptx

    try:
        presentation = pptx.Presentation(BytesIO(data))
        slides = list(presentation.slides)
        if len(slides) > SLIDES_MAX:
            raise OversizedSource(f"The file has {len(slides):,} slides.", f"Split it: {SLIDES_MAX:,} is the most.")
        blocks = tuple(block for number, slide in enumerate(slides, start=1) for block in _slide(slide, number))
        return blocks, core_metadata(presentation.core_properties)
    except reading_errors() as error:
        raise DamagedSource(
            "The PowerPoint file does not keep to its format.", "Open and save it in PowerPoint again."
        ) from error


def _slide(slide: "Slide", number: int) -> Iterator[Block]:
    title = slide.shapes.title
    if title is not None and title.has_text_frame and title.text_frame.text.strip():
        yield Block("heading", " ".join(title.text_frame.text.split()), 2, number)
    title_id = None if title is None else title.shape_id
    for shape in _in_reading_order(slide.shapes, 0):
        if shape.shape_id == title_id or _is_furniture(shape):
            continue
        if shape.has_text_frame:
            yield from _paragraphs(shape.text_frame, number)
        elif getattr(shape, "has_table", False):
            rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
            yield from rows_as_blocks(rows, header=bool(shape.table.first_row), page=number)


def _in_reading_order(shapes: Iterable[Any], depth: int) -> Iterator[Any]:
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if hasattr(shape, "shapes"):
            if depth < _GROUP_DEPTH_MAX:
                yield from _in_reading_order(shape.shapes, depth + 1)
        else:
            yield shape


def _is_furniture(shape: Any) -> bool:  # noqa: ANN401  python-pptx types its shapes loosely
    """Date, footer and slide number."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    furniture = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    return bool(shape.is_placeholder and shape.placeholder_format.type in furniture)


def _paragraphs(frame: Any, number: int) -> Iterator[Block]:  # noqa: ANN401  as above
    lines = [" ".join(paragraph.text.replace("\v", " ").split()) for paragraph in frame.paragraphs]
    kept = [line for line in lines if line]
    for line in kept:
        yield Block("item" if len(kept) > 1 else "paragraph", line, page=number)
