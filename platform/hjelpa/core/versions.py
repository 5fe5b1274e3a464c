"""When two people change the same thing at once: a version goes with the form, and nobody overwrites another unseen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from marshmallow import fields

# A version in a form has at most this many digits; longer ones count as none.
DIGITS = 8
MOST = int("9" * DIGITS)


class Version(fields.Field[int]):
    """Which version of a thing somebody has before them; anything else counts as none, and then nothing is overwritten."""

    def __init__(self) -> None:
        super().__init__(load_default=0)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        return int(value) if str(value).isdecimal() and len(str(value)) <= DIGITS else 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else has changed the thing meanwhile: what stands there now, by field, and the version to save on.

    `kept` is whether what was written is kept elsewhere than in the form that is shown again.
    """

    theirs: Mapping[str, str]
    version: int
    by_name: str
    fields: tuple[str, ...] = field(default=())
    kept: bool = True


def version_of(*values: Any) -> int:
    """A version for what has no number of its own: the same for the same content, and 0 where nothing stands."""
    if not any(values):
        return 0
    digest = blake2b(repr(values).encode(), digest_size=8).digest()
    return int.from_bytes(digest) % MOST + 1
