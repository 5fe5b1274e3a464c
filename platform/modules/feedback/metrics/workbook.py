"""The first sheet of an XLSX file as a table of texts. A file that would unpack to too much is refused before it does."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO, Any

from openpyxl import Workbook, load_workbook

from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.messages import message
from modules.feedback.metrics.packed import MOST_COLUMNS, MOST_ROWS, TooLarge, inspect
from modules.feedback.metrics.scale import tidy
from modules.feedback.metrics.tables import EMPTY, BadTable, Table

_TOO_LARGE = _("the workbook would unpack to more than is read here; save it as .csv")
_UNREADABLE = _("the workbook cannot be read; save it again as .xlsx, or as .csv")


@contextmanager
def open_workbook(stream: IO[bytes]) -> Iterator[Table]:
    """The first sheet; raises BadTable where the file is no workbook, or would unpack to too much."""
    with warnings.catch_warnings():
        # What the library misses in styles and drawings does not concern us.
        warnings.simplefilter("ignore")
        with _sentences():
            inspect(stream)
            stream.seek(0)
            book = load_workbook(stream, read_only=True, keep_links=False)
        try:
            yield _first_sheet(book)
        finally:
            book.close()


def _first_sheet(book: Workbook) -> Table:
    with _sentences():
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()
        opening = next(sheet.iter_rows(max_row=1, max_col=MOST_COLUMNS, values_only=True), ())
        header = [_text(value) for value in opening]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise BadTable(1, message(EMPTY))
    return Table(header, _rows(sheet, len(header)))


@contextmanager
def _sentences() -> Iterator[None]:
    """Whatever a broken workbook makes the library raise becomes a sentence; what our own readers raise stays."""
    try:
        yield
    except BadTable:
        raise
    except TooLarge as problem:
        raise BadTable(1, message(_TOO_LARGE)) from problem
    except Exception as problem:
        # The library has no error of its own: a broken file shows as any of a dozen, from KeyError to ParseError.
        raise BadTable(1, message(_UNREADABLE)) from problem


def _rows(sheet: Any, width: int) -> Iterator[tuple[int, list[str]]]:
    with _sentences():
        # One column more, so that a value beyond the header is seen.
        rows = sheet.iter_rows(min_row=2, max_col=width + 1, values_only=True)
        for line, values in enumerate(rows, 2):
            if line > MOST_ROWS:
                raise BadTable(line, message(_TOO_LARGE))
            cells = [_text(value) for value in values]
            if any(cells):
                yield line, cells + [""] * (width - len(cells))


def _text(value: object) -> str:
    """A cell as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        # 7.7 is often kept as 7.699999999999999 there.
        return f"{value}" if value != value or abs(value) > 1e15 else str(tidy(value))
    return str(value)
