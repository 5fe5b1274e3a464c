"""The one way in which a table leaves as a file: written for a spreadsheet, and labelled where all is made up."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Response, current_app
from flask_babel import gettext

# Excel takes a file for UTF-8 only when it begins with this mark.
MARK = "\ufeff"
# A cell that begins so is run as a formula by spreadsheets (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Rows of a sheet that spreadsheets open.
MOST_ROWS = 1_048_576
# How much is gathered before it is sent on.
PIECE = 64 * 1024

Rows = Iterable[Sequence[object]]
Write = Callable[[Sequence[str], Rows], Iterator[bytes]]


def send_table(header: Sequence[str], rows: Rows, filename: str) -> Response:
    """A table as an attachment. In the demo the file's name and every row say that the figures are made up."""
    header, rows, filename = _labelled(header, rows, filename)
    return _attachment(write_table(header, rows), "text/csv", filename)


def stream_table(header: Sequence[str], rows: Rows, filename: str) -> Response:
    """The same for a table too long to be held: it leaves while it is read. XLSX where the name says so, else CSV.

    `rows` are read when the request is over: nothing in them may ask for it.
    """
    header, rows, filename = _labelled(header, rows, filename)
    is_book = filename.endswith(".xlsx")
    pieces = (write_workbook if is_book else write_csv)(header, rows)
    return _attachment(pieces, XLSX if is_book else "text/csv", filename)


def _labelled(header: Sequence[str], rows: Rows, filename: str) -> tuple[Sequence[str], Rows, str]:
    if current_app.config["HJELPA_MODE"] != "demo":
        return header, rows, filename
    note = str(gettext("made up"))
    return (*header, "note"), ((*row, note) for row in rows), f"oppdiktet-{filename}"


def _attachment(body: str | Iterable[bytes], mimetype: str, filename: str) -> Response:
    return Response(body, mimetype=mimetype, headers={"Content-Disposition": f"attachment; filename={filename}"})


def write_table(header: Sequence[str], rows: Rows) -> str:
    """CSV as a Norwegian spreadsheet opens it: semicolons, decimal commas, and no text that becomes a formula."""
    return b"".join(write_csv(header, rows)).decode()


def write_csv(header: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """The same piece by piece."""
    text = io.StringIO()
    text.write(MARK)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if text.tell() > PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _cell(value: object) -> object:
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    return safe(value)


def safe(value: object) -> object:
    """A text that no spreadsheet takes for a formula; anything else as it is."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The least that a workbook with one sheet is made of (ECMA-376).
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}">'
        '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
}
# Signs that XML has no place for.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _Outlet(io.RawIOBase):
    """Where a packed file is written to and taken from at the same time; it cannot go back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # anything that holds bytes
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def write_workbook(header: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """An XLSX file with one sheet, piece by piece: numbers as numbers, everything else as text."""
    outlet = _Outlet()
    with ZipFile(outlet, "w", ZIP_DEFLATED) as packed:
        for name, body in _PARTS.items():
            packed.writestr(name, _HEAD + body)
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            waiting: list[str] = [_row(header)]
            for row in rows:
                waiting.append(_row(row))
                if len(waiting) > 500:
                    sheet.write("".join(waiting).encode())
                    waiting.clear()
                    yield outlet.take()
            sheet.write(("".join(waiting) + "</sheetData></worksheet>").encode())
    yield outlet.take()


def _row(row: Sequence[object]) -> str:
    return f"<row>{''.join(map(_xml_cell, row))}</row>"


def _xml_cell(value: object) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    text = escape(_UNWRITABLE.sub("", str(safe(value))))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
