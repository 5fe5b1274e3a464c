"""Decisions about doors and duty: what an open door lacks, and which times a turn of duty may have."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

# A turn further ahead than this is a slip of the pen in the year.
FURTHEST_AHEAD = timedelta(days=730)
SLUG_LENGTH = 36
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "å": "a", "ð": "d", "þ": "th", "ß": "ss"})

TurnProblem = Literal["ends_first", "over", "too_far"]


def missing_people(values: Mapping[str, Any]) -> list[str]:
    """Which of leader, duty and deputy an open door still lacks; nothing for one that is closed."""
    if not values.get("open"):
        return []
    return [task for task in ("leader_id", "duty_id", "deputy_id") if not values.get(task)]


def find_turn_problem(starts_at: datetime, ends_at: datetime, now: datetime) -> TurnProblem | None:
    """What is wrong with the times of a turn of duty."""
    if ends_at <= starts_at:
        return "ends_first"
    if ends_at <= now:
        return "over"
    return "too_far" if ends_at > now + FURTHEST_AHEAD else None


def make_slug(name: str, taken: Collection[str]) -> str:
    """The door's part of an address, from its name, unlike those that are taken."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    base = (words if words[:1].isalpha() else f"d-{words}")[:SLUG_LENGTH].rstrip("-")
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)
