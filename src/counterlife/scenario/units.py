"""Numbers as people write them: durations, rates, shares, points, and the whole days between two dates.

Each reader takes what stands in the file and gives back a checked, tidy form; `number` turns that into the units of the engine
(days, events per day, shares, points). What is wrong is said in a `ValueError` whose text is meant for the author of the file.
No model of a scenario lives here.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping

from ..layout import MONTH, NEVER, POINT, YEAR

DAYS: Mapping[str, float] = {"day": 1.0, "week": 7.0, "month": MONTH, "year": YEAR}
FOR_EVER = "for ever"
LONGEST = 1000 * YEAR
MOST_A_DAY = 100.0

_NUMBER = r"([+-]?(?:[0-9][0-9_]*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
_DURATION = re.compile(rf"{_NUMBER} (day|week|month|year)s?")
_RATE = re.compile(rf"{_NUMBER} per (day|week|month|year)")


def duration(written: object) -> str:
    """The duration with tidy spaces, such as `2 years`; refused without a unit or below zero."""
    text = _tidy(written)
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"{written!r} is no duration: write a number and a unit, such as '30 days', '6 months' or '2 years'")
    if float(found[1]) < 0:
        raise ValueError(f"the duration {text!r} is negative: time only runs forward, so write zero or more")
    if number(text) > LONGEST:
        raise ValueError(f"the duration {text!r} is longer than 1000 years: write `for ever` where that is allowed")
    return text


def duration_or_ever(written: object) -> str:
    """A duration, or the words `for ever`."""
    return FOR_EVER if _tidy(written) == FOR_EVER else duration(written)


def rate(written: object) -> str:
    """The rate with tidy spaces, such as `0.06 per year`; refused without a unit or below zero."""
    text = _tidy(written)
    found = _RATE.fullmatch(text)
    if not found:
        raise ValueError(f"{written!r} is no rate: write a number and a unit, such as '0.06 per year', '2 per month' or '0.1 per day'")
    if float(found[1]) < 0:
        raise ValueError(f"the rate {text!r} is negative: nothing can happen less than never, so write zero or more")
    if number(text) > MOST_A_DAY:
        raise ValueError(f"the rate {text!r} is more than {MOST_A_DAY:g} a day: no life has that many events of one class")
    return text


def plain(written: object) -> float:
    """A finite number without a unit."""
    if isinstance(written, bool) or not isinstance(written, (int, float)) or not abs(written) < 1e300:
        raise ValueError(f"{written!r} is no number: write a plain number such as 0.5")
    return float(written)


def share(written: object) -> float:
    """A number from 0 to 1."""
    value = plain(written)
    if not 0 <= value <= 1:
        raise ValueError(f"{written!r} is no share: probabilities and shares lie between 0 and 1 (write 5 % as 0.05)")
    return value


def not_negative(written: object) -> float:
    """A number of zero or more."""
    value = plain(written)
    if value < 0:
        raise ValueError(f"{written!r} is negative: a multiplier or weight must be zero or more")
    return value


def positive(written: object) -> float:
    """A number above zero."""
    value = plain(written)
    if value <= 0:
        raise ValueError(f"{written!r} must be above zero")
    return value


def points(written: object) -> float:
    """A number of points with at most three decimals: the engine adds whole thousandths."""
    value = plain(written)
    if abs(value) > 1e9:
        raise ValueError(f"{written!r} points are too many: stay within a thousand million")
    if round(value, 3) != value:
        raise ValueError(f"{written!r} has more than three decimals: points are kept in whole thousandths, so that sums are exact")
    return value


def mark(written: object) -> float | str:
    """A number of points, or a name (of a band)."""
    return written if isinstance(written, str) and written else points(written)


def whole(written: object) -> int:
    """A whole number above zero."""
    if isinstance(written, bool) or not isinstance(written, int) or not 0 < written <= 10**12:
        raise ValueError(f"{written!r} is no whole number above zero: write it such as 10000 or 10_000")
    return written


_UNSEEN = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u2028\u2029]")  # control characters, and what some take for line ends


def text(written: object) -> str:
    """Text without line ends at its edges; a number is taken as the text that it is (`date: 2018`)."""
    if isinstance(written, bool) or not isinstance(written, (str, int, float)):
        raise ValueError("text is needed here: write words")
    if _UNSEEN.search(str(written)):
        raise ValueError("this text holds control characters, which files and screens read differently: leave them out")
    return str(written).strip()


def date(written: object) -> dt.date:
    """A calendar date written year-month-day."""
    if isinstance(written, dt.date):
        return written
    try:
        return dt.date.fromisoformat(str(written))
    except ValueError:
        raise ValueError(f"{written!r} is no date: write year-month-day, such as 2020-01-01") from None


def number(value: float | str) -> float:
    """The value in the units of the engine: days for a duration, events per day for a rate, itself for a number."""
    if not isinstance(value, str):
        return float(value)
    if value == FOR_EVER:
        return NEVER
    if found := _RATE.fullmatch(value):
        return float(found[1]) / DAYS[found[2]]
    if found := _DURATION.fullmatch(value):
        return float(found[1]) * DAYS[found[2]]
    raise ValueError(f"{value!r} has no unit")


def times(written_rate: str, factor: float) -> str:
    """The rate times a factor, in the unit in which it was written."""
    value, _, unit = written_rate.partition(" ")
    return f"{float(value) * factor!r} {unit}"


def thousandths(value: float) -> int:
    """Points as the whole thousandths in which the engine adds."""
    return round(value * POINT)


def whole_days(start: dt.date, length: str) -> int:
    """Days from the start to the end of a period: years and months follow the calendar, weeks and days are exact."""
    found = _DURATION.fullmatch(length)
    if not found or float(found[1]) != int(float(found[1])) or float(found[1]) < 1:
        raise ValueError(f"the length {length!r} of the period must be a whole number of days, weeks, months or years, one at least")
    count = int(float(found[1]))
    if count * DAYS[found[2]] > 200 * YEAR:
        raise ValueError(f"the length {length!r} of the period is over 200 years: nobody lives that long, so shorten it")
    if found[2] in ("day", "week"):
        return count * int(DAYS[found[2]])
    months = start.month - 1 + count * (12 if found[2] == "year" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return (dt.date(year, month, day) - start).days


def _tidy(written: object) -> str:
    return " ".join(written.split()) if isinstance(written, str) else ""
