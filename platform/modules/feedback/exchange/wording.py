"""What an import's page says: what was found, what is wrong, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Text
from modules.citizens.schemas import AGES
from modules.feedback.exchange.models import SessionImport
from modules.feedback.metrics.messages import Message
from modules.feedback.metrics.rows import COLUMNS
from modules.feedback.metrics.texts import translate

STATES: dict[str, tuple[Text, str]] = {
    "waiting": (_l("Being checked"), "info"),
    "checked": (_l("Waits for your yes"), "warning"),
    "refused": (_l("Not taken in"), "danger"),
    "confirmed": (_l("Being taken in"), "info"),
    "done": (_l("Done"), "success"),
    "failed": (_l("Not taken in"), "danger"),
}
_NOTHING_NEW: tuple[Text, str] = (_l("Nothing new"), "neutral")


def say_state(state: str, new: Mapping[str, int] | None) -> tuple[Text, str]:
    """How far an import is, and the colour of that; `new` counts what it would add, where that is known."""
    return _NOTHING_NEW if state == "checked" and _adds_nothing(new) else STATES[state]


def _adds_nothing(new: Mapping[str, int] | None) -> bool:
    return bool(new) and not any((new or {}).values())


@dataclass(frozen=True, slots=True)
class Shown:
    """What a file held and what it adds, for the page; nothing where there is nothing to tell."""

    chosen: list[tuple[str, str]]
    holds: list[tuple[str, str]]
    adds: list[tuple[str, str]]
    columns: tuple[str, ...]
    first: list[list[str]]
    problems: list[tuple[int, str]]
    rows: int
    nothing_new: bool
    helper_left: bool


def show(given: SessionImport, door: str, helper: str, forms: str) -> Shown:
    """`door`, `helper` and `forms` are the names of what was chosen for it."""
    summary = given.summary
    new: Mapping[str, int] = summary.get("new", {})
    return Shown(
        chosen=[
            (gettext("At which door are the new courses?"), door),
            (gettext("Who answers for the new courses?"), helper),
            (gettext("Which forms were answered?"), forms or "–"),
        ],
        holds=_holds(summary) if new else [],
        adds=_adds(summary, new) if new else [],
        columns=COLUMNS,
        first=summary.get("first", []),
        problems=[(each["line"], _say(each)) for each in summary.get("problems", [])],
        rows=summary.get("rows", 0),
        nothing_new=_adds_nothing(new),
        helper_left=bool(summary.get("left")),
    )


def _holds(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    counted = (
        (gettext("Rows"), summary["rows"]),
        (gettext("Courses of help"), summary["courses"]),
        (gettext("Sessions"), summary["sessions"]),
        (gettext("Answers"), summary["answers"]),
    )
    ages = [(str(AGES[band]), number) for band, number in summary["bands"].items() if band in AGES]
    return [(name, _number(number)) for name, number in (*counted, *ages)]


def _adds(summary: Mapping[str, Any], new: Mapping[str, int]) -> list[tuple[str, str]]:
    counted = (
        (gettext("New courses of help"), new["courses"]),
        (gettext("New sessions"), new["sessions"]),
        (gettext("New answers"), new["answers"]),
        (gettext("Courses that have ended since"), new["ended"]),
        (gettext("Answers that are here already"), summary["known"]),
    )
    return [(name, _number(number)) for name, number in counted]


def _number(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _say(problem: Mapping[str, Any]) -> str:
    return translate(Message(problem["text"], problem["values"]))


def say_size(size: int) -> str:
    """A file's size in words that fit it."""
    if size < 1_000_000:
        return gettext("%(size)s kB", size=-(-size // 1_000))
    return gettext("%(size)s MB", size=f"{size / 1_000_000:.1f}")
