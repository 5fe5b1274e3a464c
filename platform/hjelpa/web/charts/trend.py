"""Values per release: one line per series, named where it ends and told apart by dashes as well as colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hjelpa.web.charts.frame import Frame, draw_axes, runs
from hjelpa.web.charts.model import Chart, Table
from hjelpa.web.charts.numbers import with_unit
from hjelpa.web.charts.svg import SIZE, Drawing, Point, fit, text_width

LABEL = 19.0  # height that one name at a line's end needs
STYLES = 6


@dataclass(frozen=True, slots=True)
class Series:
    """One line; None where nothing was released."""

    label: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class TrendTexts:
    """Words in the reader's language."""

    title: str
    sentence: str
    period: str
    missing: str
    axis: str = ""


@dataclass(frozen=True, slots=True)
class _End:
    """The last point of a line and the name that belongs to it."""

    style: str
    spot: Point
    words: str
    full: str
    when: str


def trend(
    series: Sequence[Series],
    x_labels: Sequence[str],
    unit: str,
    *,
    key: str,
    texts: TrendTexts,
    maximum: float | None = None,
    decimals: int = 0,
    told: int | None = None,
    locale: str = "nb",
) -> Chart:
    """Draw all series on one scale from zero; without `maximum` it ends just above the highest value.

    `told` is the place of the period that the sentence is about, the last one unless given. A line that ends in
    another period has that period written under its last value, so that nobody takes the one for the other.
    """
    if any(len(one.values) != len(x_labels) for one in series):
        raise ValueError("every series must have one value, or None, per label")

    def number(value: float) -> str:
        return with_unit(value, unit, locale, decimals)

    highest = max((value for one in series for value in one.values if value is not None), default=1.0)
    top = maximum if maximum is not None else highest
    need = 2 * LABEL * len(series) + 80
    lasts = [_last(one, number, x_labels, len(x_labels) - 1 if told is None else told) for one in series]
    return Chart(
        wide=_render(
            series, x_labels, texts, Drawing(f"{key}-wide", 720, max(320, need)), top, number, lasts, 220, locale
        ),
        narrow=_render(
            series, x_labels, texts, Drawing(f"{key}-narrow", 360, max(270, need)), top, number, lasts, 130, locale
        ),
        sentence=texts.sentence,
        table=_table(series, x_labels, texts, number),
    )


def _render(
    series: Sequence[Series],
    x_labels: Sequence[str],
    texts: TrendTexts,
    drawing: Drawing,
    maximum: float,
    number: Callable[[float], str],
    lasts: Sequence[tuple[str, str]],
    most: float,
    locale: str,
) -> Markup:
    names = [_name(one.label, last, most) for one, (last, _) in zip(series, lasts, strict=True)]
    right = max(map(text_width, (*names, *(when for _, when in lasts))), default=0.0) + 26
    frame = Frame.around(
        drawing, maximum, len(x_labels), locale, right=right, below=50 if texts.axis else 32, unit=number
    )
    draw_axes(drawing, frame, x_labels, texts.axis)
    ends = []
    for index, one in enumerate(series):
        style = f"s{index % STYLES + 1}"
        spots = [None if value is None else (frame.x(at), frame.y(value)) for at, value in enumerate(one.values)]
        _draw_series(drawing, one, x_labels, spots, style, number)
        last = next((spot for spot in reversed(spots) if spot is not None), None)
        if last is not None:
            ends.append(_End(style, last, names[index], f"{one.label} {lasts[index][0]}", lasts[index][1]))
    _draw_names(drawing, frame, ends)
    return drawing.finish(texts.title, texts.sentence)


def _draw_series(
    drawing: Drawing,
    one: Series,
    x_labels: Sequence[str],
    spots: Sequence[Point | None],
    style: str,
    number: Callable[[float], str],
) -> None:
    for piece, bridged in runs(spots):
        drawing.path(piece, f"{'c-gap' if bridged else 'c-line'} {style}")
    for label, value, spot in zip(x_labels, one.values, spots, strict=True):
        if value is not None and spot is not None:
            drawing.dot(spot, 4, f"c-dot {style}", f"{one.label}, {label}: {number(value)}")


def _draw_names(drawing: Drawing, frame: Frame, ends: Sequence[_End]) -> None:
    at = frame.right + 14
    apart = 2 * LABEL if any(end.when for end in ends) else LABEL
    heights = spread([end.spot[1] for end in ends], apart, frame.top, frame.bottom)
    for end, y in zip(ends, heights, strict=True):
        far = end.spot[0] < frame.right - 20
        if far or abs(y - end.spot[1]) > 3:
            drawing.path(
                [(end.spot[0] + 6, end.spot[1]), (at - 8, end.spot[1] if far else y), (at - 3, y)], "c-leader"
            )
        drawing.text((at, y + SIZE * 0.35), end.words, f"c-series c-halo {end.style}", end.full)
        if end.when:
            drawing.text((at, y + SIZE * 0.35 + LABEL * 0.85), end.when, "c-axis c-halo c-when")


def spread(wanted: Sequence[float], distance: float, top: float, bottom: float) -> list[float]:
    """The wanted heights moved as little as needed to stand `distance` apart between top and bottom."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    groups: list[tuple[float, int]] = []  # the middle of a pile of names, and how many are in it
    for index in order:
        middle, size = min(max(wanted[index], top), bottom), 1
        while groups and groups[-1][0] + groups[-1][1] * distance / 2 > middle - size * distance / 2:
            other, more = groups.pop()
            middle, size = (middle * size + other * more) / (size + more), size + more
            half = (size - 1) * distance / 2
            middle = max(min(middle, bottom - half), top + half)
        groups.append((middle, size))
    heights = [middle + (at - (size - 1) / 2) * distance for middle, size in groups for at in range(size)]
    placed = [0.0] * len(wanted)
    for index, height in zip(order, heights, strict=True):
        placed[index] = height
    return placed


def _last(one: Series, number: Callable[[float], str], x_labels: Sequence[str], told: int) -> tuple[str, str]:
    """The value a line ends with, and its period where that is not the one told; both empty without a value."""
    at = next((at for at in reversed(range(len(x_labels))) if one.values[at] is not None), None)
    value = None if at is None else one.values[at]
    if at is None or value is None:
        return "", ""
    return number(value), "" if at == told else x_labels[at]


def _name(label: str, last: str, most: float) -> str:
    """Name and last value; it is the name that gives way when there is little room."""
    if not last:
        return fit(label, most)
    return f"{fit(label, most - text_width(' ' + last))} {last}"


def _table(
    series: Sequence[Series], x_labels: Sequence[str], texts: TrendTexts, number: Callable[[float], str]
) -> Table:
    def cell(value: float | None) -> str:
        return texts.missing if value is None else number(value)

    rows = tuple((label, *(cell(one.values[at]) for one in series)) for at, label in enumerate(x_labels))
    return Table((texts.period, *(one.label for one in series)), rows)
