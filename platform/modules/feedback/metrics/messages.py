"""Sentences that pure code gives away and a page may show: English here, in the reader's language through `texts`."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def mark(text: str) -> str:
    """The text itself. Imported as `_`, the name under which the catalogue of texts finds it."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with places for values, as `%(name)s`."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text


def message(text: str, **values: object) -> Message:
    return Message(text, values)
