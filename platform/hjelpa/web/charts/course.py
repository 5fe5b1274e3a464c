"""One course over time: the measured values, with a cut-off and an expected range only where they are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hjelpa.web.charts.frame import Frame, draw_axes, runs
from hjelpa.web.charts.model import Chart, Table
from hjelpa.web.charts.numbers import format_number
from hjelpa.web.charts.svg import LINE, SIZE, Drawing, Point, Rect, along, best_place, fit, text_width

EVENT_ROWS = 3
EVENT_WIDTH = 170.0


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One time of measuring; None when nothing was measured."""

    label: str
    value: float | None


@dataclass(frozen=True, slots=True)
class CurveEvent:
    """Something that happened at a point, counted from zero."""

    index: int
    label: str


@dataclass(frozen=True, slots=True)
class Band:
    """The expected range, as long as the points; None where nothing is expected."""

    lower: Sequence[float | None]
    middle: Sequence[float | None]
    upper: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class CourseTexts:
    """Words in the reader's language; the last two are needed only with a band or events."""

    title: str
    sentence: str
    axis: str
    point: str
    value: str
    missing: str
    expected: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class _Course:
    points: Sequence[CurvePoint]
    maximum: float
    texts: CourseTexts
    cutoff: float | None
    cutoff_label: str
    band: Band | None
    events: Sequence[CurveEvent]
    locale: str


def course_curve(
    points: Sequence[CurvePoint],
    *,
    key: str,
    maximum: float,
    texts: CourseTexts,
    cutoff: float | None = None,
    cutoff_label: str | None = None,
    band: Band | None = None,
    events: Sequence[CurveEvent] = (),
    locale: str = "nb",
) -> Chart:
    """Draw one course; a value between two measured ones that is missing is bridged by a dotted line."""
    if band and {len(band.lower), len(band.middle), len(band.upper)} != {len(points)}:
        raise ValueError("the band must be as long as the points")
    label = cutoff_label or (format_number(cutoff, locale) if cutoff is not None else "")
    inside = [event for event in events if 0 <= event.index < len(points)]
    course = _Course(points, maximum, texts, cutoff, label, band, inside, locale)
    return Chart(
        wide=_render(course, Drawing(f"{key}-wide", 720, 330)),
        narrow=_render(course, Drawing(f"{key}-narrow", 360, 270)),
        sentence=texts.sentence,
        table=_table(course),
    )


def _render(course: _Course, drawing: Drawing) -> Markup:
    rows = _event_rows(course, drawing.width)
    extra = LINE * (max(rows.values(), default=-1) + 1)
    drawing.height += extra
    frame = Frame.around(drawing, course.maximum, len(course.points), course.locale, top=22 + extra)
    if course.band:
        _draw_band(drawing, frame, course.band)
    draw_axes(drawing, frame, [point.label for point in course.points], course.texts.axis)
    _draw_events(drawing, frame, course, rows)
    if course.cutoff is not None:
        drawing.line((frame.left, frame.y(course.cutoff)), (frame.right, frame.y(course.cutoff)), "c-cut")
    spots = [
        (frame.x(index), frame.y(point.value)) if point.value is not None else None
        for index, point in enumerate(course.points)
    ]
    curve = _draw_curve(drawing, course, spots)
    for event in course.events:
        curve += along([(frame.x(event.index), frame.top), (frame.x(event.index), frame.bottom)])
    taken = _label_last(drawing, frame, course, spots, curve)
    if course.cutoff is not None:
        _label_cutoff(drawing, frame, course, curve, taken)
    return drawing.finish(course.texts.title, course.texts.sentence)


def _draw_band(drawing: Drawing, frame: Frame, band: Band) -> None:
    lower, middle, upper = (_spots(frame, side) for side in (band.lower, band.middle, band.upper))
    if len(upper) > 1:
        drawing.path([*upper, *reversed(lower)], "c-band", closed=True)
        drawing.path(middle, "c-expected")


def _spots(frame: Frame, side: Sequence[float | None]) -> list[Point]:
    return [(frame.x(index), frame.y(value)) for index, value in enumerate(side) if value is not None]


def _draw_curve(drawing: Drawing, course: _Course, spots: Sequence[Point | None]) -> list[Point]:
    """Lines and dots; returns close points along all of it."""
    found: list[Point] = []
    for piece, bridged in runs(spots):
        drawing.path(piece, "c-gap s1" if bridged else "c-line s1")
        found += along(piece)
    for point, spot in zip(course.points, spots, strict=True):
        if spot is not None and point.value is not None:
            drawing.dot(spot, 5, "c-dot s1", f"{point.label}: {format_number(point.value, course.locale)}")
            found.append(spot)
    return found


def _label_last(
    drawing: Drawing, frame: Frame, course: _Course, spots: Sequence[Point | None], curve: Sequence[Point]
) -> list[Rect]:
    last = next((index for index in reversed(range(len(spots))) if spots[index] is not None), None)
    if last is None:
        return []
    spot, value = spots[last], course.points[last].value
    assert spot is not None and value is not None
    words = format_number(value, course.locale)
    half = text_width(words) / 2
    middle = min(max(spot[0], frame.left + half), drawing.width - half - 2)
    above = Rect(middle - half, spot[1] - 11 - SIZE, middle + half, spot[1] - 8)
    below = Rect(middle - half, spot[1] + 9, middle + half, spot[1] + 12 + SIZE)
    beside = Rect(spot[0] - 12 - 2 * half, spot[1] - SIZE, spot[0] - 12, spot[1] + 6)
    choices = [
        box
        for box in (above, below, beside)
        if box.left >= frame.left and box.top >= 2 and box.bottom <= frame.bottom
    ] or [above]
    box = best_place(choices, curve)
    drawing.text(((box.left + box.right) / 2, box.bottom - 3), words, "c-strong c-mid c-halo")
    return [box, Rect(spot[0] - 6, spot[1] - 6, spot[0] + 6, spot[1] + 6)]


def _label_cutoff(
    drawing: Drawing, frame: Frame, course: _Course, curve: Sequence[Point], taken: Sequence[Rect]
) -> None:
    assert course.cutoff is not None
    y = frame.y(course.cutoff)
    words = fit(course.cutoff_label, (frame.right - frame.left) * 0.7)
    wide = text_width(words)
    starts = (frame.left + 6, frame.right - wide - 4, (frame.left + frame.right - wide) / 2)
    above = [Rect(x, y - 6 - SIZE, x + wide, y - 3) for x in starts]
    below = [Rect(x, y + 4, x + wide, y + 7 + SIZE) for x in starts]
    choices = [box for box in above + below if box.top > frame.top - SIZE and box.bottom < frame.bottom] or above
    box = best_place(choices, curve, taken)
    drawing.text((box.left, box.bottom - 3), words, "c-cut-label c-halo", course.cutoff_label)


def _event_rows(course: _Course, width: float) -> dict[int, int]:
    """Which line of words each event's label stands on; beyond the last line only the mark is drawn."""
    ends: list[float] = []
    rows: dict[int, int] = {}
    rough = (width - 70) / max(len(course.points) - 1, 1)
    for number, event in enumerate(course.events):
        start = 40 + event.index * rough
        wide = text_width(fit(event.label, EVENT_WIDTH)) + 14
        start = min(start, width - wide)
        row = next((index for index, end in enumerate(ends) if end <= start), len(ends))
        if row < EVENT_ROWS:
            ends[row:] = [start + wide, *ends[row + 1 :]]
            rows[number] = row
    return rows


def _draw_events(drawing: Drawing, frame: Frame, course: _Course, rows: dict[int, int]) -> None:
    for number, event in enumerate(course.events):
        x = frame.x(event.index)
        drawing.line((x, frame.top - 6), (x, frame.bottom), "c-event")
        drawing.dot((x, frame.top - 8), 4, "c-event-mark", event.label)
        if number in rows:
            words = fit(event.label, EVENT_WIDTH)
            at = min(x + 8, drawing.width - text_width(words) - 2)
            drawing.text((at, SIZE + rows[number] * LINE), words, "c-axis", event.label)


def _table(course: _Course) -> Table:
    texts = course.texts
    headers = [texts.point, texts.value]
    if course.band:
        headers.append(texts.expected)
    if course.events:
        headers.append(texts.event)
    rows = []
    for index, point in enumerate(course.points):
        row = [
            point.label,
            texts.missing if point.value is None else format_number(point.value, course.locale),
        ]
        if course.band:
            row.append(_range(course.band, index, course.locale))
        if course.events:
            row.append(", ".join(event.label for event in course.events if event.index == index))
        rows.append(tuple(row))
    return Table(tuple(headers), tuple(rows))


def _range(band: Band, index: int, locale: str) -> str:
    low, high = band.lower[index], band.upper[index]
    return "–" if low is None or high is None else f"{format_number(low, locale)}–{format_number(high, locale)}"
