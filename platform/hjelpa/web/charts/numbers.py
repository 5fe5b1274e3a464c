"""Numbers as people in the reader's language write them, and round steps for an axis."""

from __future__ import annotations

import math
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

NBSP = "\u00a0"


@lru_cache(maxsize=4096)
def format_number(value: float, locale: str = "nb", decimals: int = 1) -> str:
    """At most `decimals` decimals, none when they are zero, with the language's own signs."""
    rounded = round(value, decimals) + 0.0  # the sum turns -0.0 into 0.0
    pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
    return format_decimal(rounded, format=pattern, locale=_locale(locale))


def with_unit(value: float, unit: str, locale: str = "nb", decimals: int = 1) -> str:
    """A number and its unit, kept on one line."""
    number = format_number(value, locale, decimals)
    return f"{number}{NBSP}{unit}" if unit else number


def axis_steps(maximum: float, most: int = 5) -> list[float]:
    """From zero to at least `maximum` in steps of 1, 2, 2.5 or 5 times a power of ten."""
    if not math.isfinite(maximum) or maximum <= 0:
        return [0.0, 1.0]
    rough = maximum / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999999)
    count = math.ceil(maximum / step - 1e-9)
    return [round(index * step, 10) for index in range(count + 1)]


@lru_cache(maxsize=32)
def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse("nb")
