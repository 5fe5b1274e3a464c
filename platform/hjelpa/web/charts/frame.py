"""The plot area that the two line charts share: where values and points lie, and the axes around them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hjelpa.web.charts.numbers import axis_steps, format_number
from hjelpa.web.charts.svg import SIZE, Drawing, Point, fit, text_width


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot area within a drawing."""

    left: float
    top: float
    right: float
    bottom: float
    steps: tuple[float, ...]
    count: int
    labels: tuple[str, ...]

    @classmethod
    def around(
        cls,
        drawing: Drawing,
        maximum: float,
        count: int,
        locale: str,
        *,
        top: float = 22,
        right: float = 18,
        below: float = 50,
        unit: Callable[[float], str] | None = None,
    ) -> Frame:
        steps = tuple(axis_steps(maximum))
        labels = tuple(fit(unit(step) if unit else format_number(step, locale, 2), 80) for step in steps)
        left = max(map(text_width, labels)) + 12
        return cls(left, top, drawing.width - right, drawing.height - below, steps, count, labels)

    def x(self, index: int) -> float:
        if self.count < 2:
            return (self.left + self.right) / 2
        inset = 8.0  # so that the first dot does not sit on the axis
        return self.left + inset + (self.right - self.left - 2 * inset) * index / (self.count - 1)

    def y(self, value: float) -> float:
        highest = self.steps[-1]
        share = min(max(value / highest, 0.0), 1.0)
        return self.bottom - (self.bottom - self.top) * share


def draw_axes(drawing: Drawing, frame: Frame, labels: Sequence[str], axis: str = "") -> None:
    """Quiet lines across, numbers to the left, as many labels under as there is room for."""
    for step, words in zip(frame.steps, frame.labels, strict=True):
        y = frame.y(step)
        drawing.line((frame.left, y), (frame.right, y), "c-grid")
        drawing.text((frame.left - 8, y + SIZE * 0.35), words, "c-axis c-end")
    room = (frame.right - frame.left) / max(len(labels), 1)
    widest = max((text_width(label) for label in labels), default=0.0)
    every = max(1, math.ceil((min(widest, 90.0) + 8) / max(room, 1.0)))
    for index in range(0, len(labels), every):
        words = fit(labels[index], max(room * every - 6, 24.0))
        half = text_width(words) / 2
        x = min(max(frame.x(index), half + 1), drawing.width - half - 1)
        drawing.text((x, frame.bottom + 20), words, "c-axis c-mid", labels[index])
    if axis:
        middle = (frame.left + frame.right) / 2
        room = 2 * min(middle, drawing.width - middle) - 4
        drawing.text((middle, frame.bottom + 42), fit(axis, room), "c-axis c-mid", axis)


def runs(spots: Sequence[Point | None]) -> Iterator[tuple[list[Point], bool]]:
    """The line's pieces: unbroken ones, and bridges (True) over what is missing between two of them."""
    piece: list[Point] = []
    missing = False
    for spot in spots:
        if spot is None:
            missing = True
            continue
        if piece and missing:
            if len(piece) > 1:
                yield piece, False
            yield [piece[-1], spot], True
            piece = []
        piece.append(spot)
        missing = False
    if len(piece) > 1:
        yield piece, False
