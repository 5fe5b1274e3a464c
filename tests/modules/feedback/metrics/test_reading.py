"""Files in every layout give the same courses; what is wrong is told by line, and then nothing is given at all."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import pytest
from openpyxl import Workbook, load_workbook

from modules.feedback.metrics import workbook
from modules.feedback.metrics.cells import BadRow
from modules.feedback.metrics.packed import MOST_PARTS
from modules.feedback.metrics.reading import MOST_PROBLEMS, Reading, read_courses, read_rows
from modules.feedback.metrics.records import CourseRecord
from modules.feedback.metrics.scale import ScaleRules
from tests.modules.feedback.metrics.files import COLUMNS, Row, as_csv, as_xlsx, row

ENDED = {"ended": "2025-03-01", "ending": "mutual"}
GOOD = [
    row(course="Åse-1", rater="self", item1="7.7", item2="", **ENDED),
    row(course="Åse-1", rater="Bestemor Bjørg", item1="10", **ENDED),
    row(course="Åse-1", scale="alliance", item1="0", **ENDED),
    row(course="Åse-1", session=2, date="2025-02-01", item1="0.4", **ENDED),
    row(course="2", age_band="child", session=3),
]


def read(content: bytes, rules: ScaleRules | None = None) -> Reading:
    return read_courses(io.BytesIO(content), rules or ScaleRules())


def good(content: bytes) -> list[CourseRecord]:
    reading = read(content)
    assert reading.problems == []
    return reading.records


def told(content: bytes) -> list[str]:
    reading = read(content)
    assert reading.records == []
    return [str(problem) for problem in reading.problems]


def test_every_layout_gives_the_same_courses() -> None:
    expected = good(as_csv(GOOD))
    assert [(record.key, len(record.sessions)) for record in expected] == [("Åse-1", 2), ("2", 1)]
    assert expected[0].sessions[1].total == 154
    for content in (
        as_csv(GOOD, encoding="utf-8-sig"),
        as_csv(GOOD, delimiter=";", comma=True),
        as_csv(GOOD, delimiter=";", comma=True, encoding="latin-1"),
        as_csv(GOOD, comma=True),
        as_csv(GOOD).replace(b"\r\n", b"\n"),
        as_csv(GOOD).replace(b"\r\n", b"\r\n\r\n,,,,,,,,,,,\r\n"),
        as_csv(GOOD).replace(b"2025-03-01", b"01.03.2025"),
        as_xlsx(GOOD),
    ):
        assert good(content) == expected


def test_it_does_not_matter_where_the_stream_stands() -> None:
    stream = io.BytesIO(as_xlsx(GOOD))
    stream.seek(0, io.SEEK_END)
    assert read_courses(stream).records == good(as_csv(GOOD))


def test_columns_may_stand_in_any_order_among_others() -> None:
    lines = [["note", *reversed(COLUMNS)], *(["x", *(one[key] for key in reversed(COLUMNS))] for one in GOOD)]
    content = "\n".join(",".join(line) for line in lines).encode()
    assert good(content) == good(as_csv(GOOD))


def test_courses_of_other_raters_alone_are_left_out() -> None:
    assert good(as_csv([row(rater="Mamma")])) == []
    assert good(as_csv([])) == []


A, B = {"session": 1, "date": "2025-01-05"}, {"session": 2, "date": "2025-01-04"}

# What is wrong with the rows, by the line and some words of the reason.
WRONG: Mapping[str, tuple[Sequence[Row], Sequence[tuple[int, str]]]] = {
    "above ten": ([row(item1="10.1")], [(2, "item1 “10.1” is outside 0–10")]),
    "below zero": ([row(item4="-1")], [(2, "item4 “-1” is outside 0–10")]),
    "not a number": ([row(), row(session=2, item2="good")], [(3, "item2 “good” is not a number")]),
    "infinite": ([row(item1="nan"), row(session=2, item1="1e1")], [(2, "not a number"), (3, "not a number")]),
    "scale": ([row(scale="mood")], [(2, "unknown scale “mood” (one of outcome, alliance)")]),
    "age band": ([row(age_band="old")], [(2, "unknown age_band “old”")]),
    "ending": ([row(ended="2025-02-01", ending="left")], [(2, "unknown ending “left”")]),
    "no rater": ([row(rater=" ")], [(2, "rater is empty")]),
    "almost the citizen": ([row(rater="Self")], [(2, "the citizen is written self")]),
    "no course": ([row(course="")], [(2, "course is empty")]),
    "session zero": ([row(session=0)], [(2, "session “0” is not a whole number")]),
    "session half": ([row(session="1.5")], [(2, "session “1.5” is not a whole number")]),
    "session text": ([row(session="²")], [(2, "session “²” is not a whole number")]),
    "no date": ([row(date="")], [(2, "date “” is not a date")]),
    "no such date": ([row(date="2025-02-30")], [(2, "date “2025-02-30” is not a date")]),
    "no such end": ([row(ended="soon")], [(2, "ended “soon” is not a date")]),
    "ending without end": ([row(ending="mutual")], [(2, "ending “mutual” without a date in ended")]),
    "after the end": ([row(ended="2024-12-31")], [(2, "2025-01-01 is after the course ended on 2024-12-31")]),
    "dates fall": (
        [row(**A), row(**B)],
        [(3, "date 2025-01-04 of session 2 is before 2025-01-05, the date of session 1")],
    ),
    "dates fall, later first": ([row(**B), row(**A)], [(3, "date 2025-01-05 of session 1 is after 2025-01-04")]),
    "dates fall in one session": (
        [row(**A), row(session=2, date="2025-01-06"), row(scale="alliance", session=1, date="2025-01-07")],
        [(4, "is after 2025-01-06")],
    ),
    "duplicate": (
        [row(), row(scale="alliance"), row(item1=3)],
        [(4, "self has already answered the outcome scale of session 1")],
    ),
    "duplicate of a wrong row": (
        [row(item1=13), row(), row(item1=14)],
        [(2, "outside"), (3, "has already answered"), (4, "outside"), (4, "has already answered")],
    ),
    "wrong duplicate": ([row(), row(item1=13)], [(3, "outside"), (3, "self has already answered")]),
    "duplicate of another": ([row(rater="Pappa"), row(), row(rater="Pappa")], [(4, "Pappa has already answered")]),
    "duplicate, order": ([row(), row(session=3), row()], [(4, "self has already answered")]),
    "other age band": ([row(), row(session=2, age_band="child")], [(3, "age_band “child” contradicts “adult”")]),
    "other end": (
        [row(), row(session=2, **ENDED)],
        [(3, "ended “2025-03-01” contradicts “”"), (3, "ending “mutual”")],
    ),
    "formula": (
        [row(course="=1+1"), row(rater="@SUM(A1)")],
        [(2, "course “=1+1” begins with"), (3, "rater “@SUM(A1)”")],
    ),
    "formula in a score": ([row(item1="=5")], [(2, "item1 “=5” is not a number")]),
    "control": ([row(course="a\x1b[2J")], [(2, "holds signs that cannot be shown")]),
    "all of a row": ([row(scale="x", item1="11", date="?")], [(2, "scale"), (2, "date"), (2, "item1")]),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("layout", ["csv", "xlsx"])
def test_what_is_wrong_is_told_by_line(name: str, layout: str) -> None:
    rows, expected = WRONG[name]
    if layout == "xlsx" and name == "control":
        pytest.skip("such a sign cannot be kept in a workbook")
    found = told(as_csv(rows) if layout == "csv" else _as_texts(rows))
    assert len(found) == len(expected)
    for sentence, (line, words) in zip(found, expected, strict=True):
        assert sentence.startswith(f"line {line}: ") and words in sentence, sentence


def _as_texts(rows: Sequence[Row]) -> bytes:
    """A workbook with every cell as text, or a formula."""
    book = Workbook()
    sheet = book.active
    for line in (COLUMNS, *([one[key] for key in COLUMNS] for one in rows)):
        sheet.append([value or None for value in line])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    {
        "empty": (b"", "line 1: the file is empty"),
        "blank": (b"\n\n", "line 1: the file is empty"),
        "NUL": (as_csv([row(), row(course="b")]).replace(b"b,self", b"b\0,self"), "line 3: a NUL byte"),
        "UTF-16": (as_csv(GOOD).decode().encode("utf-16"), "line 1: a NUL byte"),
        "old Excel": (b"\xd0\xcf\x11\xe0" + b"x" * 99, "line 1: this is an old Excel file"),
        "short row": (as_csv(GOOD) + b"a,self\r\n", "line 7: the row has 2 values and the first line has 12"),
        "long row": (as_csv(GOOD).replace(b"7.7", b"7,7", 1), "line 2: the row has 13 values"),
        "open quote": (as_csv(GOOD) + b'"a,self,adult\r\n', "line 7: the row cannot be taken apart"),
        "huge cell": (as_csv(GOOD) + b"a" * 200_000, "line 7: the row cannot be taken apart"),
        "no workbook": (b"PK\x03\x04 and nothing more", "line 1: the workbook cannot be read"),
    }.values(),
    ids=["empty", "blank", "nul", "utf16", "xls", "short", "long", "quote", "huge", "zip"],
)
def test_a_file_that_cannot_be_read_says_where(content: bytes, expected: str) -> None:
    assert len(found := told(content)) == 1
    assert found[0].startswith(expected)


def test_missing_and_double_columns_are_all_named() -> None:
    assert told(b"course,rater,course\n") == [
        *(f"line 1: the column {name} is missing" for name in COLUMNS if name not in ("course", "rater")),
        "line 1: the column course is there twice",
    ]


def test_a_line_break_in_quotes_does_not_shift_the_numbers() -> None:
    header = "note," + ",".join(COLUMNS)
    content = (
        f'{header}\n"two\nlines",{",".join(row().values())}\nx,{",".join(row(session=2, item1=11).values())}\n'
    )
    assert told(content.encode()) == ["line 4: item1 “11” is outside 0–10"]


def test_the_first_hundred_problems_are_told() -> None:
    found = told(as_csv([row(session=number, item1=11) for number in range(1, 500)]))
    assert len(found) == MOST_PROBLEMS and found[-1].startswith("line 101: ")


def test_a_scale_with_fewer_lines_refuses_what_it_has_no_room_for() -> None:
    rules = ScaleRules(items=3, maximum=15)
    problems = read(as_csv([row(item1=6), row(session=2, item4="")]), rules).problems
    assert [str(problem) for problem in problems] == [
        "line 2: item1 is above 5, the most that the scale has",
        "line 2: item4 is answered, but the scale has 3 lines",
    ]


def test_rows_can_be_taken_one_by_one() -> None:
    taken = list(read_rows(io.BytesIO(as_csv([*GOOD, row(scale="x")]))))
    assert [line for line, _ in taken] == [2, 3, 4, 5, 6, 7]
    assert taken[0][1].items == (77, None, 50, 50)
    assert isinstance(taken[-1][1], BadRow)


def _repacked(content: bytes, name: str, inside: bytes) -> bytes:
    """The workbook with one part replaced."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, inside if part.filename == name else old.read(part))
    return packed.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _repacked(as_xlsx(GOOD), SHEET, b"<worksheet>" + b" " * (64 << 20))
    assert len(bomb) < 1 << 20

    def unpack(*of: object) -> None:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", unpack)
    assert told(bomb) == ["line 1: the workbook would unpack to more than is read here; save it as .csv"]


def test_a_zip_bomb_that_lies_about_its_size_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _repacked(as_xlsx(GOOD), SHEET, b"<worksheet>" + b" " * (64 << 20))
    size = ((64 << 20) + len(b"<worksheet>")).to_bytes(4, "little")
    lying = bomb.replace(size, (1000).to_bytes(4, "little"))
    assert lying != bomb

    def load(*of: object, **more: object) -> None:
        raise AssertionError("it was given to the library")

    monkeypatch.setattr(workbook, "load_workbook", load)
    assert told(lying) == ["line 1: the workbook cannot be read; save it again as .xlsx, or as .csv"]


def test_too_many_parts_and_own_entities_are_refused() -> None:
    content = as_xlsx(GOOD)
    packed = io.BytesIO(content)
    with zipfile.ZipFile(packed, "a") as book:
        for number in range(MOST_PARTS):
            book.writestr(f"xl/{number}", "")
    assert "unpack to more" in told(packed.getvalue())[0]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read(SHEET)
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + sheet
    assert "cannot be read" in told(_repacked(content, SHEET, laughs))[0]


def test_only_the_first_sheet_is_read_and_a_picture_of_one_is_not() -> None:
    book = load_workbook(io.BytesIO(as_xlsx(GOOD)))
    book.create_sheet("More").append(["anything"])
    packed = io.BytesIO()
    book.save(packed)
    assert good(packed.getvalue()) == good(as_csv(GOOD))
    bare = Workbook()
    packed = io.BytesIO()
    bare.save(packed)
    assert told(packed.getvalue()) == ["line 1: the file is empty"]
