"""Dates as readers see them, and the notes that warn when a source may be out of date. Pure: today is passed in."""

import calendar
from datetime import date

from rag.types import Source

OLD_AFTER_YEARS = 2
"""From this age in years on a source is marked as old."""


def date_text(value: str | None) -> str:
    """`2023-06-20` as "20 June 2023", `2023-06` as "June 2023", `2023` as it is, None as "undated"."""
    if value is None:
        return "undated"
    parts = value.split("-")
    if not all(part.isdecimal() for part in parts):
        return value
    if len(parts) == 3 and 1 <= int(parts[1]) <= 12:
        return f"{int(parts[2])} {calendar.month_name[int(parts[1])]} {parts[0]}"
    if len(parts) == 2 and 1 <= int(parts[1]) <= 12:
        return f"{calendar.month_name[int(parts[1])]} {parts[0]}"
    return value


def last_day(value: str) -> date | None:
    """The last day that `value` (YYYY, YYYY-MM or YYYY-MM-DD) can mean; None where it is no date."""
    parts = value.split("-")
    if not all(part.isdecimal() for part in parts):
        return None
    year = int(parts[0])
    month = int(parts[1]) if len(parts) > 1 else 12
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    longest = calendar.monthrange(year, month)[1]
    day = int(parts[2]) if len(parts) > 2 else longest
    return date(year, month, day) if 1 <= day <= longest else None


def age_text(value: str, today: date) -> str:
    """How long ago `value` (YYYY, YYYY-MM or YYYY-MM-DD) was, as exactly as it says; empty where it is no past date."""
    last = last_day(value)
    parts = value.split("-")
    if last is None or (int(parts[0]), int(parts[1]) if len(parts) > 1 else 1) > (today.year, today.month):
        return ""
    if len(parts) == 1:
        years = today.year - int(parts[0])
        return ("this year", "last year")[years] if years < 2 else f"{years} years ago"
    months = (today.year - last.year) * 12 + today.month - last.month
    if len(parts) == 2:
        return "this month" if months == 0 else _months_ago(months)
    days = (today - last).days
    if days < 0:
        return ""
    if days < 2:
        return ("today", "yesterday")[days]
    if days < 14:
        return f"{days} days ago"
    if months < 2 and days < 60:
        return f"{days // 7} weeks ago"
    return _months_ago(months - (last.day > today.day))


def _months_ago(months: int) -> str:
    if months < 24:
        return "1 month ago" if months == 1 else f"{months} months ago"
    return f"{months // 12} years ago"


def source_notes(source: Source, today: date) -> tuple[str, ...]:
    """What a reader must know before relying on a source: closed, historical, past its end, older than two years."""
    notes: list[str] = []
    if source.status == "closed":
        notes.append("Closed")
    elif source.status == "historical":
        notes.append("Historical")
    ends = last_day(source.valid_until) if source.valid_until else None
    if ends is not None and ends < today:
        notes.append(f"Ended {date_text(source.valid_until)}")
    published = last_day(source.published) if source.published else None
    if published is not None and _years_before(today, OLD_AFTER_YEARS) > published:
        notes.append("More than two years old")
    return tuple(notes)


def _years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes the 28th."""
    longest = calendar.monthrange(day.year - years, day.month)[1]
    return day.replace(year=day.year - years, day=min(day.day, longest))
