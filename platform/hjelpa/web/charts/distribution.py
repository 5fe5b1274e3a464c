"""The own value against what the network has released: quartiles, or one value, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hjelpa.web.charts.model import Chart, Table
from hjelpa.web.charts.numbers import axis_steps, with_unit
from hjelpa.web.charts.svg import LINE, SIZE, Drawing, Rect, fit, text_width, wrap


@dataclass(frozen=True, slots=True)
class DistributionRow:
    """One indicator; what is None is not released, or not measured here."""

    label: str
    own: float | None
    q1: float | None = None
    median: float | None = None
    q3: float | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class DistributionTexts:
    """Words in the reader's language: title, sentence and the table's headings."""

    title: str
    sentence: str
    indicator: str
    own: str
    q1: str
    median: str
    q3: str
    value: str
    missing: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where labels, bars and numbers stand; on a narrow drawing the label stands above its bar."""

    left: float
    right: float
    row: float
    label_width: float
    label_lines: int
    label_above: bool


def distribution(
    rows: Sequence[DistributionRow],
    *,
    key: str,
    texts: DistributionTexts,
    unit: str = "%",
    maximum: float = 100,
    decimals: int = 0,
    locale: str = "nb",
) -> Chart:
    """Draw all rows on one common scale from zero to `maximum`."""

    def number(value: float) -> str:
        return with_unit(value, unit, locale, decimals)

    room = (
        max([text_width(number(row.own)) for row in rows if row.own is not None] + [text_width(number(maximum))])
        + 18
    )
    wide = _Layout(250, 720 - room, 48, 232, 2, False)
    narrow = _Layout(14, 360 - room, 66, 340, 1, True)
    return Chart(
        wide=_render(rows, texts, Drawing(f"{key}-wide", 720, wide.row * len(rows) + 44), wide, maximum, number),
        narrow=_render(
            rows, texts, Drawing(f"{key}-narrow", 360, narrow.row * len(rows) + 44), narrow, maximum, number
        ),
        sentence=texts.sentence,
        table=_table(rows, texts, number),
    )


def _render(
    rows: Sequence[DistributionRow],
    texts: DistributionTexts,
    drawing: Drawing,
    layout: _Layout,
    maximum: float,
    number: Callable[[float], str],
) -> Markup:
    steps = axis_steps(maximum, 4)

    def x(value: float) -> float:
        return layout.left + (layout.right - layout.left) * min(max(value / steps[-1], 0.0), 1.0)

    bottom = layout.row * len(rows) + 8
    for step in steps:
        drawing.line((x(step), 4), (x(step), bottom), "c-grid")
        words = number(step)
        half = text_width(words) / 2
        drawing.text((min(max(x(step), half + 1), drawing.width - half - 1), bottom + 20), words, "c-axis c-mid")
    for index, row in enumerate(rows):
        _draw_row(drawing, layout, row, index, x, number)
    return drawing.finish(texts.title, texts.sentence)


def _draw_row(
    drawing: Drawing,
    layout: _Layout,
    row: DistributionRow,
    index: int,
    x: Callable[[float], float],
    number: Callable[[float], str],
) -> None:
    top = index * layout.row + 4
    y = top + (layout.row - 22 if layout.label_above else layout.row / 2)
    _draw_label(drawing, layout, row.label, top, y)
    if row.q1 is not None and row.q3 is not None:
        drawing.rect(Rect(x(min(row.q1, row.q3)), y - 10, x(max(row.q1, row.q3)), y + 10), "c-quartile", 3)
    if row.median is not None:
        drawing.line((x(row.median), y - 14), (x(row.median), y + 14), "c-median")
    elif row.value is not None:
        drawing.line((x(row.value), y - 14), (x(row.value), y + 14), "c-tick")
    if row.own is None:
        return
    drawing.diamond((x(row.own), y), 9, "c-own", f"{row.label}: {number(row.own)}")
    drawing.text((drawing.width - 2, y + SIZE * 0.35), number(row.own), "c-strong c-end")


def _draw_label(drawing: Drawing, layout: _Layout, label: str, top: float, y: float) -> None:
    if layout.label_above:
        drawing.text((2, top + SIZE + 3), fit(label, layout.label_width), "c-start c-halo", label)
        return
    lines = wrap(label, layout.label_width, layout.label_lines)
    first = y + SIZE * 0.35 - (len(lines) - 1) * LINE / 2
    for number, words in enumerate(lines):
        drawing.text((layout.left - 16, first + number * LINE), words, "c-end", label)


def _table(rows: Sequence[DistributionRow], texts: DistributionTexts, number: Callable[[float], str]) -> Table:
    def cell(value: float | None) -> str:
        return texts.missing if value is None else number(value)

    return Table(
        (texts.indicator, texts.own, texts.q1, texts.median, texts.q3, texts.value),
        tuple((row.label, *map(cell, (row.own, row.q1, row.median, row.q3, row.value))) for row in rows),
    )
