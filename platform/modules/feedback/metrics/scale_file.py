"""Reads the rules of an outcome scale from a file, TOML or JSON; `docs/formats.md` describes it."""

import json
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, get_args

from modules.feedback.metrics.records import AGE_BANDS
from modules.feedback.metrics.scale import ScaleRules, tidy
from modules.feedback.scales.forms import Constant, Verification

# A column of the file of sessions goes from 0 to 10, and there are four.
ITEM_LIMIT = 10
ITEMS_LIMIT = 4
# Many times what the rules of a scale take.
LARGEST = 64 * 1024

_KEYS = {"name", "kind", "items", "maximum", "direction", "reversed", "may_miss", "cut_off", "reliable_change"}
_CONSTANT_KEYS = {"value", "source", "verification", "checked_on"}


class ScaleError(ValueError):
    """The rules do not hold together; the message says where. `line` is that of the file, where it is known."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


def read_scale(content: bytes) -> ScaleRules:
    """The rules in a scale file, which is JSON if it begins with a brace and TOML otherwise; raises ScaleError."""
    if len(content) > LARGEST:
        raise ScaleError(f"the scale file is larger than {LARGEST // 1024} KiB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ScaleError("the scale file is not UTF-8", content[: problem.start].count(b"\n") + 1) from problem
    try:
        data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except json.JSONDecodeError as problem:
        raise ScaleError(f"the scale file is not JSON: {problem.msg}", problem.lineno) from problem
    except (ValueError, OverflowError, RecursionError) as problem:
        kind = "JSON" if text.lstrip().startswith("{") else "TOML"
        raise ScaleError(f"the scale file is not {kind}: {problem}", _told_line(str(problem))) from problem
    try:
        return _read(data)
    except ScaleError as problem:
        raise ScaleError(str(problem), _line_of(str(problem), text)) from problem


def _read(data: Mapping[str, Any]) -> ScaleRules:
    _only(data, _KEYS, "")
    if data.get("kind", "outcome") != "outcome":
        raise ScaleError("kind must be outcome: figures rest on the outcome scale")
    direction = data.get("direction", "higher_is_better")
    if direction not in ("higher_is_better", "lower_is_better"):
        raise ScaleError("direction must be higher_is_better or lower_is_better")
    items = _whole(data, "items", 4, 1, ITEMS_LIMIT)
    maximum = _number(data.get("maximum", ITEM_LIMIT * items), "maximum", 0, ITEM_LIMIT * items)
    if maximum == 0:
        raise ScaleError("maximum must be more than 0")
    cut_offs = _table(data.get("cut_off", {}), "cut_off")
    _only(cut_offs, set(AGE_BANDS), "cut_off.")
    change = data.get("reliable_change")
    name = data.get("name", "")
    if not isinstance(name, str) or not name.strip():
        raise ScaleError("name must say which scale this is")
    return ScaleRules(
        name=name.strip(),
        items=items,
        maximum=tidy(maximum),
        higher_is_better=direction == "higher_is_better",
        reversed_items=_reversed(data.get("reversed", []), items),
        may_miss=_whole(data, "may_miss", 0, 0, items - 1),
        cut_offs={
            band: _constant(cut_offs[band], f"cut_off.{band}", maximum) for band in AGE_BANDS if band in cut_offs
        },
        reliable_change=None if change is None else _constant(change, "reliable_change", maximum),
    )


def _constant(data: object, name: str, maximum: float) -> Constant:
    table = _table(data, name)
    _only(table, _CONSTANT_KEYS, f"{name}.")
    source, verification = table.get("source"), table.get("verification")
    if not isinstance(source, str) or not source.strip():
        raise ScaleError(f"{name}.source must say where the number is from")
    states: tuple[Verification, ...] = get_args(Verification)
    if verification not in states:
        raise ScaleError(f"{name}.verification must be one of {', '.join(states)}")
    value = _number(table.get("value"), f"{name}.value", 0, maximum)
    return Constant(value, source.strip(), verification, _day(table.get("checked_on"), f"{name}.checked_on"))


def _table(data: object, name: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise ScaleError(f"{name} must be a table")
    return data


def _only(data: Mapping[str, Any], known: set[str], prefix: str) -> None:
    for key in data:
        if key not in known:
            raise ScaleError(f"{prefix}{key} is not known; known are {', '.join(sorted(known))}")


def _number(value: object, name: str, lowest: float, highest: float) -> float:
    right = isinstance(value, int | float) and not isinstance(value, bool)
    # Held against the limits first: a whole number of hundreds of digits is beyond what can be asked to be finite.
    if not right or not lowest <= value <= highest:  # type: ignore[operator]  # `right` has said that it is a number
        raise ScaleError(f"{name} must be a number from {lowest:g} to {highest:g}")
    return value  # type: ignore[return-value]  # the same


def _whole(data: Mapping[str, Any], name: str, default: int, lowest: int, highest: int) -> int:
    value = data.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise ScaleError(f"{name} must be a whole number from {lowest} to {highest}")
    return value


def _reversed(value: object, items: int) -> frozenset[int]:
    numbers = [f"item{number}" for number in range(1, items + 1)]
    if not isinstance(value, list) or any(name not in numbers for name in value):
        raise ScaleError(f"reversed must be a list of {', '.join(numbers)}")
    return frozenset(numbers.index(name) + 1 for name in value)


def _day(value: object, name: str) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as problem:
        raise ScaleError(f"{name} must be a date such as 2026-01-31") from problem


def _told_line(reason: str) -> int:
    """The line that the reader of TOML names in its own words."""
    words = reason.replace(",", " ").replace(")", " ").split()
    after = words[words.index("line") + 1] if "line" in words[:-1] else ""
    return int(after) if after.isdigit() else 1


def _line_of(reason: str, text: str) -> int:
    """The first line that has the name a reason begins with; the first of all where none has."""
    place = reason.split(" ", 1)[0].split(".")
    line = 0
    lines = text.splitlines()
    for part in place:
        line = next((number for number in range(line, len(lines)) if part in lines[number]), line)
    return line + 1
