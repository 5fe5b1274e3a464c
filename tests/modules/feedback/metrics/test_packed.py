"""What a small workbook can unpack to is refused before the library that builds it up in memory sees any of it."""

import io
import zipfile
from random import Random

import pytest

from modules.feedback.metrics import packed, workbook
from modules.feedback.metrics.reading import read_courses
from tests.modules.feedback.metrics.files import as_xlsx, row

SHEET, STYLES, TEXTS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TOO_LARGE = "line 1: the workbook would unpack to more than is read here; save it as .csv"
UNREADABLE = "line 1: the workbook cannot be read; save it again as .xlsx, or as .csv"


def repacked(**parts: bytes) -> io.BytesIO:
    """A workbook that can be read, with parts replaced or added; stored, so that its size alone refuses nothing."""
    new = {SHEET: parts.get("sheet"), STYLES: parts.get("styles"), TEXTS: parts.get("texts")}
    new = {name: content for name, content in new.items() if content is not None}
    new |= {name: content for name, content in parts.items() if "/" in name or name.startswith("[")}
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx([row()]))) as old, zipfile.ZipFile(content, "w") as book:
        for name in dict.fromkeys((*old.namelist(), *new)):
            book.writestr(name, new[name] if name in new else old.read(name))
    return content


def part(name: str, inside: str, before: str = "") -> bytes:
    return f'{before}<{name} xmlns="{MAIN}">{inside}</{name}>'.encode()


def sheet(inside: str, before: str = "") -> bytes:
    return part("worksheet", f"<sheetData>{inside}</sheetData>", before)


TOO_MUCH = {
    "cells of a row": {"sheet": sheet("<row>" + "<c/>" * 65 + "</row>")},
    "cells with a sign before": {
        "sheet": sheet("<row>" + "<c/>" * 65 + "</row>")
        .replace(b"<", b"<x:")
        .replace(b"<x:/", b"</x:")
        .replace(b"xmlns=", b"xmlns:x=")
    },
    "rows in a row": {"sheet": sheet("<row><c/><row/><c/></row>")},
    "parts of a cell": {"sheet": sheet("<row><c><is>" + "<r/>" * 5_000 + "</is></c></row>")},
    "others beside rows": {"sheet": sheet("<cols/>" * 100_001)},
    "others called rows": {"sheet": sheet('<row xmlns="x"/>' * 100_001)},
    "rows": {"sheet": sheet("<row/>" * 1_001)},
    "styles": {"styles": part("styleSheet", "<cellXfs>" + "<xf/>" * 10_001 + "</cellXfs>")},
    "texts": {"texts": part("sst", "<si/>" * 1_001)},
    "parts of a text": {"texts": part("sst", "<si>" + "<r/>" * 5_001 + "</si>")},
    "a long text": {"texts": part("sst", "<si><t>" + "x" * 600_000 + "</t></si>")},
}
UNFIT = {
    "UTF-16": {"texts": part("sst", "", '<?xml version="1.0"?>').decode().encode("utf-16")},
    "UTF-16 without a mark": {"texts": part("sst", "").decode().encode("utf-16-le")},
    "UTF-32": {"texts": part("sst", "").decode().encode("utf-32")},
    "NUL": {"texts": part("sst", "\0")},
    "another encoding": {"texts": part("sst", "", '<?xml version="1.0" encoding="latin-1"?>')},
    "entities": {"texts": part("sst", "", '<!DOCTYPE a [<!ENTITY e "expanded">]>')},
    "remarks": {"sheet": sheet("<!-- <row> -->")},
    "a name that is not so": {
        "[Content_Types].xml": (
            b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
            b'PartName="/xl/worksheets/w.xml" ContentType="x.sheet.main+xml"/></Types>'
        )
    },
}


@pytest.mark.parametrize(
    ("name", "expected"), [*((name, TOO_LARGE) for name in TOO_MUCH), *((name, UNREADABLE) for name in UNFIT)]
)
def test_what_no_sheet_needs_is_refused_unread(name: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = repacked(**(TOO_MUCH | UNFIT)[name])

    def load(*of: object, **more: object) -> None:
        pytest.fail("it was given to the library")

    monkeypatch.setattr(workbook, "load_workbook", load)
    for limit in ("MOST_ROWS", "MOST_TEXTS"):
        monkeypatch.setattr(packed, limit, 1_000)
    assert [str(problem) for problem in read_courses(bomb).problems] == [expected]


def test_pictures_and_full_rows_are_let_by() -> None:
    picture = b"\x89PNG\r\n\0\0" + Random(1).randbytes(400_000).replace(b"<", b"")
    book = repacked(**{"xl/media/a.png": picture, "xl/printerSettings/a.bin": "Skriver".encode("utf-16-le")})
    assert read_courses(book).problems == []
