"""The one way in which a table leaves as a file: written for a spreadsheet, and labelled where all is made up."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask import Response, current_app
from flask_babel import gettext

# Excel takes a file for UTF-8 only when it begins with this mark.
MARK = "\ufeff"
# A cell that begins so is run as a formula by spreadsheets (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def send_table(header: Sequence[str], rows: Iterable[Sequence[object]], filename: str) -> Response:
    """A table as an attachment. In the demo the file's name and every row say that the figures are made up."""
    if current_app.config["HJELPA_MODE"] == "demo":
        note = gettext("made up")
        header, rows, filename = (*header, "note"), ((*row, note) for row in rows), f"oppdiktet-{filename}"
    return Response(
        write_table(header, rows),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={filename}"},
    )


def write_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV as a Norwegian spreadsheet opens it: semicolons, decimal commas, and no text that becomes a formula."""
    text = io.StringIO()
    text.write(MARK)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
