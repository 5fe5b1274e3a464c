"""Working days as deadlines count them: Monday to Friday, but for the public holidays of a municipality's own country."""

from datetime import date, timedelta

# Days that are the same every year, by (month, day): the Norwegian law of 1947 on 1 and 17 May, and church holidays.
_FIXED = {
    "NO": {(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)},
    "DK": {(1, 1), (12, 25), (12, 26)},
}
# Maundy Thursday, Good Friday, Easter Monday, Ascension Day and Whit Monday, in days from Easter Sunday: both countries.
_MOVING = {timedelta(days=number) for number in (-3, -2, 1, 39, 50)}


def is_working_day(day: date, country: str) -> bool:
    """In a country whose holidays we do not know, every Monday to Friday is one."""
    if country not in _FIXED:
        return day.weekday() < 5
    return (
        day.weekday() < 5 and (day.month, day.day) not in _FIXED[country] and day - easter(day.year) not in _MOVING
    )


def next_working_day(day: date, country: str) -> date:
    """The first one after a day."""
    later = day + timedelta(days=1)
    while not is_working_day(later, country):
        later += timedelta(days=1)
    return later


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the method of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
