"""Tables as lines that can be read, and quoted, one by one."""

from collections.abc import Iterator, Sequence

from ingest.readers.extracted import Block

_CELLS_MAX = 60
"""Cells of a row that are kept: wider tables are layouts or data sheets."""


def rows_as_blocks(rows: Sequence[Sequence[str]], *, header: bool, page: int | None = None) -> Iterator[Block]:
    """A block a row. With a header row each cell is named, as in "Fund: Falcon; Amount: £1m" and a full stop.

    Without one, the cells of a row stand apart by semicolons; a table of a single column is a list of paragraphs.
    """
    cleaned = [[" ".join(cell.split()) for cell in row[:_CELLS_MAX]] for row in rows]
    cleaned = [row for row in cleaned if any(row)]
    if not cleaned:
        return
    if max(map(len, cleaned)) == 1:
        for row in cleaned:
            yield Block("paragraph", row[0], page=page)
        return
    names: Sequence[str] = ()
    if header and len(cleaned) > 1 and sum(map(bool, cleaned[0])) > 1:
        names, cleaned = cleaned[0], cleaned[1:]
    for row in cleaned:
        cells = [_cell(row, names, index) for index in range(len(row)) if row[index]]
        line = "; ".join(cells)
        yield Block("row", line if line.endswith((".", "!", "?")) else f"{line}.", page=page)


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: short words, no figure, and figures or longer cells below."""
    if len(rows) < 2 or not all(cell.strip() for cell in rows[0]):
        return False
    first = rows[0]
    return all(len(cell) <= 40 and not any(char.isdigit() for char in cell) for cell in first) or all(
        cell.strip().isdigit() and len(cell.strip()) == 4 for cell in first[1:]
    )


def _cell(row: Sequence[str], names: Sequence[str], index: int) -> str:
    name = names[index].rstrip(":") if index < len(names) else ""
    return f"{name}: {row[index]}" if name and name != row[index] else row[index]
