"""How a form is read from data (a TOML file, or what a municipality has entered) and written as data."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from modules.feedback.scales.forms import Constant, Form, FormError, FormWords, Item, ItemWords, Origin


def load_forms(path: Path) -> tuple[Form, ...]:
    """The forms of a pack's data file, every version; raises FormError with the form's key where something is missing."""
    return read_pack(tomllib.loads(path.read_text(encoding="utf-8")))


def read_pack(data: Mapping[str, Any]) -> tuple[Form, ...]:
    """The forms of a pack; each has the pack's origin unless it has its own."""
    return tuple(read_form({"pack": data["pack"], "origin": data["origin"], **form}) for form in data["forms"])


def read_form(data: Mapping[str, Any]) -> Form:
    """A form from its data, whose points are whole points; raises FormError when it does not hold together."""
    try:
        return Form(
            key=data["key"],
            pack=data["pack"],
            kind=data["kind"],
            version=data["version"],
            ages=tuple(data["ages"]),
            words={language: FormWords(**words) for language, words in data["words"].items()},
            items=tuple(_read_item(item) for item in data["items"]),
            item_maximum=round(data.get("item_maximum", 10) * 10),
            scored=data.get("scored", True),
            higher_is_better=data.get("higher_is_better", True),
            may_miss=data.get("may_miss", 0),
            cut_offs={band: _read_constant(constant) for band, constant in data.get("cut_offs", {}).items()},
            reliable_change=_read_constant(data["reliable_change"]) if data.get("reliable_change") else None,
            origin=Origin(**{**data["origin"], "checked_on": _read_day(data["origin"].get("checked_on"))}),
        )
    except FormError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise FormError(f"{data.get('key', 'a form without a key')}: {problem!r}") from problem


def _read_item(data: Mapping[str, Any]) -> Item:
    words = {
        language: ItemWords(**{**words, "steps": tuple(words.get("steps", ()))})
        for language, words in data["words"].items()
    }
    return Item(data["name"], words, data.get("reversed", False))


def _read_constant(data: Mapping[str, Any]) -> Constant:
    return Constant(**{**data, "checked_on": _read_day(data.get("checked_on"))})


def _read_day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def write_form(form: Form) -> dict[str, Any]:
    """A form as data that JSON can hold: `read_form` of it is the same form."""
    change = form.reliable_change
    return {
        "key": form.key,
        "pack": form.pack,
        "kind": form.kind,
        "version": form.version,
        "ages": list(form.ages),
        "words": {
            language: {"question": words.question, "lead": words.lead} for language, words in form.words.items()
        },
        "items": [_write_item(item) for item in form.items],
        "item_maximum": form.item_maximum / 10,
        "scored": form.scored,
        "higher_is_better": form.higher_is_better,
        "may_miss": form.may_miss,
        "cut_offs": {band: write_constant(constant) for band, constant in form.cut_offs.items()},
        "reliable_change": write_constant(change) if change else None,
        "origin": {
            "source": form.origin.source,
            "verification": form.origin.verification,
            "checked_on": _write_day(form.origin.checked_on),
        },
    }


def _write_item(item: Item) -> dict[str, Any]:
    words = {
        language: {
            "title": said.title,
            "text": said.text,
            "left": said.left,
            "right": said.right,
            "steps": list(said.steps),
        }
        for language, said in item.words.items()
    }
    return {"name": item.name, "words": words, "reversed": item.reversed_}


def write_constant(constant: Constant) -> dict[str, Any]:
    return {
        "value": constant.value,
        "source": constant.source,
        "verification": constant.verification,
        "checked_on": _write_day(constant.checked_on),
    }


def _write_day(day: date | None) -> str | None:
    return day.isoformat() if day else None
