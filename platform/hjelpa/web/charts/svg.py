"""The few drawing words that every chart is written with. All text is cleaned and escaped here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from markupsafe import Markup

from hjelpa.web.charts.numbers import NBSP

SIZE = 13.0  # of text, in drawing units, as in the style sheet
LINE = 17.0
Point = tuple[float, float]
_NARROW = frozenset("iljtfrI.,:;'|!()[]- ")
_WIDE = frozenset("mwMW@%&ÆæŒœ…—")


@dataclass(frozen=True, slots=True)
class Rect:
    """A piece of the drawing, for keeping words apart."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Rect) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, point: Point) -> bool:
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


@dataclass(slots=True)
class Drawing:
    """One SVG in the making; `key` makes the ids of title and description unique on the page."""

    key: str
    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", self.key):
            raise ValueError(f"not usable as an id: {self.key!r}")

    # Class names are our own words; everything else that is not a number is escaped.

    def line(self, start: Point, end: Point, css: str) -> None:
        x1, y1, x2, y2 = map(_n, (*start, *end))
        self.parts.append(f'<line class="{css}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>')

    def rect(self, box: Rect, css: str, radius: float = 0) -> None:
        size = (box.left, box.top, max(0.0, box.right - box.left), max(0.0, box.bottom - box.top), radius)
        x, y, width, height, rx = map(_n, size)
        self.parts.append(f'<rect class="{css}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{rx}"/>')

    def path(self, points: Sequence[Point], css: str, closed: bool = False) -> None:
        steps = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
        self.parts.append(f'<path class="{css}" d="M{steps}{"Z" if closed else ""}"/>')

    def dot(self, centre: Point, radius: float, css: str, title: str = "") -> None:
        x, y = map(_n, centre)
        self.parts.append(f'<circle class="{css}" cx="{x}" cy="{y}" r="{_n(radius)}">{_title(title)}</circle>')

    def diamond(self, centre: Point, radius: float, css: str, title: str = "") -> None:
        x, y = centre
        corners = " ".join(
            f"{_n(a)},{_n(b)}" for a, b in ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
        )
        self.parts.append(f'<polygon class="{css}" points="{corners}">{_title(title)}</polygon>')

    def text(self, at: Point, words: str, css: str = "", full: str = "") -> None:
        """Words at a point; `full` is what they were before they were shortened."""
        hover = _title(full) if full and clean(full) != words else ""
        x, y = map(_n, at)
        self.parts.append(f'<text class="{css}" x="{x}" y="{y}">{hover}{escape(words)}</text>')

    def finish(self, title: str, description: str) -> Markup:
        width, height, key = _n(self.width), _n(self.height), self.key
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" width="{width}"'
            f' height="{height}" aria-labelledby="{key}-title {key}-desc"><title id="{key}-title">'
            f'{escape(clean(title))}</title><desc id="{key}-desc">{escape(clean(description))}</desc>'
        )
        return Markup(f"{head}{''.join(self.parts)}</svg>")  # noqa: S704  # every word in it is escaped above


def clean(words: str) -> str:
    """One line of printable text: no control characters and nothing that turns the reading direction."""
    if words.isascii() and words.isprintable():
        return " ".join(filter(None, words.split(" ")))
    spaced = "".join(" " if sign.isspace() and sign != NBSP else sign for sign in words)
    return " ".join(filter(None, "".join(filter(_printable, spaced)).split(" ")))


def _printable(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def text_width(words: str) -> float:
    """An estimate on the generous side; the typeface is not at hand on the server."""
    return sum(map(_sign_width, words)) * SIZE


def _sign_width(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in ("W", "F"):
        return 1.1
    if sign in _NARROW:
        return 0.36
    if sign in _WIDE or (sign > "\u02ff" and sign not in "–−‘’“”\u00a0"):
        return 0.98
    return 0.7 if sign.isupper() else 0.62


def fit(words: str, width: float) -> str:
    """The words, or as much of them as there is room for and an ellipsis."""
    words = clean(words)
    if text_width(words) <= width:
        return words
    while words and text_width(words + "…") > width:
        words = words[:-1]
    return words.rstrip() + "…"


def wrap(words: str, width: float, lines: int = 2) -> list[str]:
    """The words on at most so many lines; the last one is shortened when they do not fit."""
    rest = clean(words).split(" ")
    result: list[str] = []
    while rest and len(result) < lines - 1:
        taken = rest.pop(0)
        while rest and text_width(f"{taken} {rest[0]}") <= width:
            taken = f"{taken} {rest.pop(0)}"
        result.append(fit(taken, width))
    return [*result, fit(" ".join(rest), width)] if rest else result


def along(points: Sequence[Point], every: float = 5.0) -> list[Point]:
    """Points close to each other along a line, so that words can be kept off it."""
    found: list[Point] = list(points)
    for (x1, y1), (x2, y2) in pairwise(points):
        steps = int(max(abs(x2 - x1), abs(y2 - y1)) // every)
        found += [
            (x1 + (x2 - x1) * step / (steps + 1), y1 + (y2 - y1) * step / (steps + 1))
            for step in range(1, steps + 1)
        ]
    return found


def best_place(candidates: Sequence[Rect], points: Iterable[Point], taken: Sequence[Rect] = ()) -> Rect:
    """The first candidate that covers nothing, or else the one that covers least."""
    points = list(points)

    def covered(box: Rect) -> int:
        return sum(map(box.holds, points)) + 50 * sum(map(box.touches, taken))

    return min(candidates, key=covered)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _title(words: str) -> str:
    return f"<title>{escape(clean(words))}</title>" if words else ""
