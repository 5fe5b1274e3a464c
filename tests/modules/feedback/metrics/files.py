"""Random files of sessions: rows as they stand in a file, and the file in its formats."""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import strategies as st
from openpyxl import Workbook

BANDS = ("child", "adolescent", "adult")
Row = dict[str, str]


def row(**given: object) -> Row:
    """A row that is right, but for what is given."""
    usual = {"course": "a", "rater": "self", "age_band": "adult", "scale": "outcome", "session": 1}
    items = {f"item{number}": 5 for number in range(1, 5)}
    return {
        key: str(value)
        for key, value in (usual | {"date": "2025-01-01"} | items | {"ended": "", "ending": ""} | given).items()
    }


COLUMNS = list(row())


scores = st.one_of(st.just(""), st.integers(0, 100).map(lambda tenths: f"{tenths / 10:g}"))
# Mostly answered in full, so that there are totals to compare.
sheets = st.one_of(
    st.tuples(*[st.integers(0, 100).map(lambda tenths: f"{tenths / 10}")] * 4), st.tuples(*[scores] * 4)
)


@st.composite
def courses(draw: st.DrawFn, key: str) -> list[Row]:
    numbers = sorted(draw(st.sets(st.integers(1, 9), min_size=1, max_size=5)))
    day = date(2024, 2, 1)
    ended, ending = draw(st.sampled_from(["", "yes", "yes", "yes"])), ""
    rows = []
    band = draw(st.sampled_from(BANDS))
    for number in numbers:
        day += timedelta(draw(st.integers(0, 40)))
        raters = draw(st.sampled_from([["self"], ["self"], ["self", "Mamma"], ["Mamma", "Pappa"]]))
        for rater in raters:
            for scale in draw(st.sampled_from([["outcome"], ["outcome", "alliance"], ["alliance"]])):
                items = dict(zip(COLUMNS[6:10], draw(sheets), strict=True))
                rows.append(
                    row(course=key, rater=rater, age_band=band, scale=scale, session=number, date=day, **items)
                )
    if ended:
        ended = str(day + timedelta(draw(st.integers(0, 30))))
        ending = draw(st.sampled_from(["", "mutual", "unilateral"]))
    return [one | {"ended": ended, "ending": ending} for one in rows]


@st.composite
def files(draw: st.DrawFn, most: int = 10) -> list[Row]:
    """Rows of up to so many courses, in any order."""
    count = draw(st.integers(0, most))
    rows = [one for number in range(count) for one in draw(courses(f"course {number}"))]
    draw(st.randoms(use_true_random=False)).shuffle(rows)
    return rows


def as_csv(rows: Sequence[Row], *, delimiter: str = ",", encoding: str = "utf-8", comma: bool = False) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=delimiter)
    writer.writeheader()
    for one in rows:
        writer.writerow({key: with_comma(key, value) if comma else value for key, value in one.items()})
    return text.getvalue().encode(encoding)


def with_comma(key: str, value: str) -> str:
    return value.replace(".", ",") if key.startswith("item") else value


def as_xlsx(rows: Sequence[Row]) -> bytes:
    """As a spreadsheet keeps it: scores and sessions are numbers, dates are dates."""
    book = Workbook()
    sheet = book.active
    sheet.append(COLUMNS)
    for one in rows:
        sheet.append([_cell(key, one[key]) for key in COLUMNS])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _cell(key: str, value: str) -> object:
    if not value:
        return None
    if key.startswith("item"):
        return float(value)
    if key == "session":
        return int(value)
    return date.fromisoformat(value) if key in ("date", "ended") else value
