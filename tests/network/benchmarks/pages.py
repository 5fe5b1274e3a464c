"""Reading pages as people do."""

import csv
import io
import re
from collections.abc import Sequence

from werkzeug.test import TestResponse


def read(text: str) -> str:
    """A page's words, without tags and with plain spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " "))


def words_of(answer: TestResponse) -> str:
    assert answer.status_code == 200
    return read(answer.get_data(as_text=True))


def section(page: str, key: str) -> str:
    """The part of a page with this id."""
    found = re.search(rf'<section[^>]*id="{key}".*?</section>', page, re.DOTALL)
    assert found, key
    return found[0]


def rows_of(answer: TestResponse) -> Sequence[dict[str, str]]:
    """The rows of a downloaded table, by column."""
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
