"""One colour from a municipality becomes the sixteen steps the design system uses, in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Callable

Rgb = tuple[float, float, float]  # linear light, 0–1
WHITE: Rgb = (1.0, 1.0, 1.0)
BLACK: Rgb = (0.0, 0.0, 0.0)

# The luminance each step is mixed to. Fixed luminance is fixed contrast, whatever the hue.
LIGHT = {
    "background-default": 1.0,
    "background-tinted": 0.9,
    "surface-default": 1.0,
    "surface-tinted": 0.82,
    "surface-hover": 0.7,
    "surface-active": 0.59,
    "border-subtle": 0.5,
    "border-default": 0.19,
    "border-strong": 0.105,
    "text-subtle": 0.105,
    "text-default": 0.02,
}
DARK = {
    "background-default": 0.009,
    "background-tinted": 0.014,
    "surface-default": 0.021,
    "surface-tinted": 0.027,
    "surface-hover": 0.036,
    "surface-active": 0.056,
    "border-subtle": 0.08,
    "border-default": 0.22,
    "border-strong": 0.39,
    "text-subtle": 0.39,
    "text-default": 0.84,
}
DARK_BASE_FLOOR = 0.2  # a darker base would vanish against the dark page
LEAST_ON_WHITE = 3.0


def theme_css(colour: str) -> str:
    """The style sheet for one colour; raises ValueError for anything but `#rrggbb`."""
    base = _parse(colour)
    light = _block(_steps(base, LIGHT, base))
    calm = _less_colour(base)
    dark = _block(_steps(calm, DARK, calm if _luminance(calm) >= DARK_BASE_FLOOR else _at(calm, DARK_BASE_FLOOR)))
    return (
        f":root,[data-color-scheme=light]{{{light}}}\n[data-color-scheme=dark]{{{dark}}}\n"
        f"@media (prefers-color-scheme:light){{[data-color-scheme=auto]{{{light}}}}}\n"
        f"@media (prefers-color-scheme:dark){{[data-color-scheme=auto]{{{dark}}}}}\n"
    )


def contrast_warning(colour: str) -> str | None:
    """None when the colour stands out enough on white, else the nearest darker shade that does."""
    base = _parse(colour)
    if contrast(base, WHITE) >= LEAST_ON_WHITE:
        return None
    goal = 1.05 / LEAST_ON_WHITE - 0.05
    return _hex(_at(base, goal * 0.985))  # a little lower, so that rounding to 8 bits cannot lift it again


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG's contrast between two colours, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _steps(colour: Rgb, levels: dict[str, float], base: Rgb) -> dict[str, Rgb]:
    steps = {name: _at(colour, level) for name, level in levels.items()}
    ink = _ink(base)
    away = WHITE if ink == BLACK else BLACK
    steps["base-default"] = base
    # Away from the text's own colour: the words on a button never lose contrast when it is touched.
    steps["base-hover"] = _mix(base, away, 0.14)
    steps["base-active"] = _mix(base, away, 0.28)
    steps["base-contrast-subtle"] = _readable(base, ink)
    steps["base-contrast-default"] = ink
    return steps


def _ink(base: Rgb) -> Rgb:
    return WHITE if contrast(base, WHITE) >= contrast(base, BLACK) else BLACK


def _readable(base: Rgb, ink: Rgb) -> Rgb:
    """The ink with some of the colour in it, as long as it can still be read."""
    for share in (0.2, 0.1, 0.05):
        tinted = _mix(ink, base, share)
        if contrast(tinted, base) >= 4.5:
            return tinted
    return ink


def _at(colour: Rgb, luminance: float) -> Rgb:
    """The colour mixed towards black or white until it has this luminance (mixing is linear, so exactly)."""
    own = _luminance(colour)
    if luminance <= own:
        return _mix(colour, BLACK, 1 - luminance / own if own else 0.0)
    return _mix(colour, WHITE, (luminance - own) / (1 - own) if own < 1 else 0.0)


def _mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    return _each(lambda index: one[index] + (other[index] - one[index]) * share)


def _less_colour(colour: Rgb) -> Rgb:
    grey = _luminance(colour)
    return _mix(colour, (grey, grey, grey), 0.3)


def _luminance(colour: Rgb) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def _each(make: Callable[[int], float]) -> Rgb:
    return make(0), make(1), make(2)


def _parse(colour: str) -> Rgb:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError("a colour must be written as #rrggbb")
    eight = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return _each(
        lambda index: eight[index] / 12.92 if eight[index] <= 0.04045 else ((eight[index] + 0.055) / 1.055) ** 2.4
    )


def _hex(colour: Rgb) -> str:
    def eight(part: float) -> int:
        part = min(max(part, 0.0), 1.0)
        return round(255 * (part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))

    return "#" + "".join(f"{eight(part):02x}" for part in colour)


def _block(steps: dict[str, Rgb]) -> str:
    return "".join(f"--ds-color-accent-{name}:{_hex(colour)};" for name, colour in steps.items())
