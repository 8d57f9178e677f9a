"""Dates as people and programs write them, read into YYYY, YYYY-MM or YYYY-MM-DD. Pure."""

import re
from datetime import date

EARLIEST_YEAR = 1990
"""Pages and office files are not older; a date before this is a slip or a template's."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_WRITTEN = re.compile(
    rf"\b{_DAY}(?:\s+of)?\s+({MONTH}),?\s+(\d{{4}})\b"
    rf"|\b({MONTH})\s+{_DAY},?\s+(\d{{4}})\b"
    rf"|\b({MONTH})\s+(\d{{4}})\b"
    r"|\b(\d{4})-(\d\d)-(\d\d)\b"
    r"|\b(\d{1,2})/(\d{1,2})/(\d{4})\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?:D:)?(\d{4})(?:[-/.]?(\d\d)(?:[-/.]?(\d\d))?)?(?![\d])|(?:D:)?(\d{4})(\d\d)(\d\d)\d{2,}")


def written_dates(text: str) -> tuple[tuple[int, int, str], ...]:
    """(start, end, date) of each date that is written out in a text, in British order of day and month."""
    found = []
    for match in _WRITTEN.finditer(text):
        value = _written(match)
        if value:
            found.append((match.start(), match.end(), value))
    return tuple(found)


def metadata_date(value: str) -> str | None:
    """The day, month or year of a metadata value such as 2024-03-01T09:00Z, D:20240301 or 1 March 2024; else None."""
    match = _ISO.match(value.strip())
    if match:
        year, month, day = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
        return _date(int(year), int(month) if month else None, int(day) if day else None)
    dates = written_dates(value)
    return dates[0][2] if dates else None


def questioned(value: str, today: date) -> str:
    """Why a date of publication cannot be right; empty where it can."""
    if int(value[:4]) < EARLIEST_YEAR:
        return f"it says that it was published in {value}, before {EARLIEST_YEAR}"
    if value > today.isoformat()[: len(value)]:
        return f"it says that it was published on {value}, which is to come"
    return ""


def _written(match: re.Match[str]) -> str | None:
    groups = match.groups()
    if groups[0]:
        return _date(int(groups[2]), _month(groups[1]), int(groups[0]))
    if groups[3]:
        return _date(int(groups[5]), _month(groups[3]), int(groups[4]))
    if groups[6]:
        return _date(int(groups[7]), _month(groups[6]), None)
    if groups[8]:
        return _date(int(groups[8]), int(groups[9]), int(groups[10]))
    return _date(int(groups[13]), int(groups[12]), int(groups[11]))


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _date(year: int, month: int | None, day: int | None) -> str | None:
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    parts = [f"{year:04d}"]
    if month:
        parts.append(f"{month:02d}")
        if day:
            parts.append(f"{day:02d}")
    return "-".join(parts)
