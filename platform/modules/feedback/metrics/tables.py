"""A file of sessions as a table of texts: CSV here, and the door to XLSX. Rows come one by one, with their line numbers."""

import csv
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from io import TextIOWrapper
from typing import IO, cast

from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _

_CHUNK = 1 << 20
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

EMPTY = _("the file is empty")
_NUL = _("a NUL byte: this is not a text file in UTF-8 or Latin-1")
_OLD = _("this is an old Excel file; save it as .xlsx or .csv")
_BROKEN = _("the row cannot be taken apart (%(why)s)")


class BadTable(Exception):
    """A file that cannot be read further, at the line where that shows."""

    def __init__(self, line: int, problem: Message) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line, self.problem = line, problem


@dataclass(frozen=True, slots=True)
class Table:
    """The names in line 1, and the rows after it with their numbers; rows without any value are left out."""

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]


@contextmanager
def open_table(stream: IO[bytes]) -> Iterator[Table]:
    """The table in an open file that can be read twice; raises BadTable, then or while rows are taken."""
    stream.seek(0)
    start = stream.read(4)
    stream.seek(0)
    if start == _OLD_EXCEL:
        raise BadTable(1, message(_OLD))
    if is_workbook(start):
        # Loaded only when it is needed: it takes longer to load than a small file takes to read.
        workbook = import_module("modules.feedback.metrics.workbook")
        with workbook.open_workbook(stream) as table:
            yield cast(Table, table)
        return
    encoding = _find_encoding(stream)
    stream.seek(0)
    text = TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        yield _read_csv(text)
    finally:
        # Closing it is left to whoever opened it.
        text.detach()


def is_workbook(start: bytes) -> bool:
    """Whether a file that begins so is taken for XLSX."""
    return start.startswith(_ZIP)


def _find_encoding(stream: IO[bytes]) -> str:
    """UTF-8 if all of the file is, otherwise Latin-1, in which every byte is a letter; refuses NUL bytes."""
    decoder = getincrementaldecoder("utf-8")()
    utf8, line = True, 1
    while chunk := stream.read(_CHUNK):
        nul = chunk.find(b"\0")
        if nul >= 0:
            raise BadTable(line + chunk.count(b"\n", 0, nul), message(_NUL))
        line += chunk.count(b"\n")
        if utf8:
            utf8 = _decodes(decoder.decode, chunk, final=False)
    return "utf-8-sig" if utf8 and _decodes(decoder.decode, b"", final=True) else "latin-1"


def _decodes(decode: object, chunk: bytes, *, final: bool) -> bool:
    assert callable(decode)
    try:
        decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _read_csv(text: TextIOWrapper) -> Table:
    opening = text.readline()
    text.seek(0)
    delimiter = ";" if opening.count(";") > opening.count(",") else ","
    rows = _rows(text, delimiter)
    line, header = next(rows, (1, []))
    if line != 1 or not header:
        raise BadTable(1, message(EMPTY))
    return Table(header, rows)


def _rows(text: TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as problem:
        raise BadTable(line, message(_BROKEN, why=str(problem))) from problem
