"""What the parts of a workbook hold, counted while they are unpacked and before any of it is built up in memory.

A small file can unpack to very much: two million cells in one row are 50 KiB packed. Every element is counted here in
bounded memory, by the same parser that the library reads with, and what no sheet of ours needs is refused.
"""

from collections.abc import Mapping
from typing import IO
from xml.parsers.expat import ParserCreate
from zipfile import ZipFile, ZipInfo

MIB = 1 << 20
# A sheet with a million rows of ours is some 500 MiB of XML; the shared texts and all the rest are held in memory.
LARGEST_SHEET = 768 * MIB
LARGEST_TEXTS = 64 * MIB
LARGEST_PART = 8 * MIB
LARGEST_ALL = 1024 * MIB
MOST_PARTS = 1000
# Sheets shrink to a tenth or a thirtieth; only what was made to be a bomb, or holds nothing, shrinks to less.
HIGHEST_RATIO = 200
MOST_ROWS = 1_048_576
MOST_COLUMNS = 64
# There are twelve columns of ours, and a few others at most.
MOST_CELLS = 16 * MOST_ROWS
MOST_TEXTS = MOST_ROWS
MOST_STYLES = 10_000
# Elements in one row or one shared text (which may be in many colours), in all shared texts, and in all other places.
MOST_WITHIN = 5_000
MOST_IN_TEXTS = 4 * MOST_TEXTS
MOST_OUTSIDE = 100_000
# As much as is read at a time. A cell holds 32,767 signs, so that a tag or a text is never as long as this.
PIECE = 256 * 1024

# The parser puts the namespace before each name. What is in another one, the library keeps and does not read.
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_OVERRIDE = "http://schemas.openxmlformats.org/package/2006/content-types Override"
_CONTENT = {"row": "worksheet+xml", "si": "sharedStrings+xml"}
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_BEFORE = b"\xff\xfe\xef\xbb\xbf \t\r\n"


class TooLarge(Exception):
    """A workbook that would become more than is read here."""


class Unreadable(Exception):
    """A workbook whose parts are not plain XML in UTF-8."""


def inspect(stream: IO[bytes]) -> None:
    """Refuses by what the parts say of their sizes, and then by what they unpack to, keeping nothing of it.

    Raises TooLarge or Unreadable, and whatever a broken archive makes the readers of ZIP and XML raise.
    """
    with ZipFile(stream) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_ALL:
            raise TooLarge
        for part in parts:
            if part.file_size > _largest(part) or part.file_size > MIB + HIGHEST_RATIO * part.compress_size:
                raise TooLarge
        if len({part.filename for part in parts}) < len(parts):
            raise Unreadable
        counts = _Counts()
        for part in parts:
            _unpack(packed, part, counts)


def _record(name: str) -> str:
    """The element that a part may have very many of, each read by itself; none in most parts."""
    name = name.lower()
    if "worksheets/" in name and "_rels/" not in name:
        return "row"
    return "si" if name.endswith("sharedstrings.xml") else ""


def _largest(part: ZipInfo) -> int:
    return {"row": LARGEST_SHEET, "si": LARGEST_TEXTS}.get(_record(part.filename), LARGEST_PART)


def _hold_type(attributes: Mapping[str, str]) -> None:
    """A part that may be large because of its name must be what its name says: other parts are read as a whole."""
    record = _record(attributes.get("PartName", ""))
    if record and not attributes.get("ContentType", "").endswith(_CONTENT[record]):
        raise Unreadable


def _unpack(packed: ZipFile, part: ZipInfo, counts: "_Counts") -> None:
    """Unpacks a part piece by piece; refuses one that is longer than it says, and hands XML on to be counted."""
    unpacked, end, is_xml = 0, b"", True
    with packed.open(part) as content:
        reader = _Reader(counts, _record(part.filename))
        while piece := content.read(PIECE):
            if not unpacked:
                is_xml = _may_be_xml(piece)
            unpacked += len(piece)
            if unpacked > part.file_size:
                raise TooLarge
            if is_xml:
                _check(end + piece, whole=len(piece) == PIECE)
                reader.read(piece)
            end = piece[-16:]


def _may_be_xml(head: bytes) -> bool:
    """Whether a reader could take a part for XML: pictures and settings of printers, which are never read, are not."""
    start = head.replace(b"\0", b"").lstrip(_BEFORE)
    if start and not start.startswith(b"<"):
        return False
    if head.startswith(_UTF16):
        raise Unreadable
    return True


def _check(piece: bytes, *, whole: bool) -> None:
    """Refuses signs of two bytes, entities and what hides other elements, and a tag or a text that is very long."""
    if b"\0" in piece or b"<!DOCTYPE" in piece or b"<!ENTITY" in piece or b"<!--" in piece:
        raise Unreadable
    if whole and b"<" not in piece:
        raise TooLarge


class _Counts:
    """What has been found in all parts together."""

    def __init__(self) -> None:
        self.rows = self.cells = self.texts = self.styles = self.in_texts = self.outside = 0

    def check(self) -> None:
        is_sheet_too_large = self.rows > MOST_ROWS or self.cells > MOST_CELLS
        are_texts_too_many = self.texts > MOST_TEXTS or self.in_texts > MOST_IN_TEXTS
        if is_sheet_too_large or are_texts_too_many or self.styles > MOST_STYLES or self.outside > MOST_OUTSIDE:
            raise TooLarge


class _Reader:
    """Counts the elements of one part; `record` is the element that each row or each shared text is."""

    def __init__(self, counts: _Counts, record: str) -> None:
        self._counts, self._record = counts, record
        self._is_within, self._within, self._cells = False, 0, 0
        self._names: dict[str, str] = {}
        self._parser = ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.XmlDeclHandler = self._declare

    def read(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)
        self._counts.check()

    def _declare(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() != "utf-8":
            raise Unreadable

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        names = self._names
        local = names.get(name) or self._learn(name)
        if self._is_within:
            self._within += 1
            if local == "c":
                self._cells += 1
            # One within another would be kept until the outer one ends.
            if self._cells > MOST_COLUMNS or self._within > MOST_WITHIN or local == self._record:
                raise TooLarge
        elif local == self._record:
            self._is_within, self._within, self._cells = True, 0, 0
        else:
            self._counts.outside += 1
            self._counts.styles += local == "xf"
            if local == _OVERRIDE:
                _hold_type(attributes)

    def _end(self, name: str) -> None:
        if self._names[name] != self._record:
            return
        counts = self._counts
        self._is_within = False
        if self._record == "row":
            counts.rows += 1
            counts.cells += self._cells
        else:
            counts.texts += 1
            counts.in_texts += self._within

    def _learn(self, name: str) -> str:
        """The name without its namespace, or all of it in another one; a part has only a few."""
        if len(self._names) >= MOST_STYLES:
            raise TooLarge
        self._names[name] = local = name.removeprefix(_MAIN)
        return local
