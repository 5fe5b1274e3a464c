"""From what an administrator has written to a form of the registry, and back, with a message beside what does not fit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext

from hjelpa.web.forms import Form as PageForm
from modules.feedback.scales.forms import AGES, MOST_LINES, Constant, Form, FormWords, Item, ItemWords, Origin
from modules.feedback.scales.schemas import CONSTANTS, VERSIONS, FormInput

ENDS = ("title", "text", "left", "right")


def read_new() -> tuple[PageForm, Form | None]:
    """The form that was sent, and what it describes; None where something is wrong with it."""
    page = PageForm.read(FormInput, request.form)
    lines = _read_lines(page, MOST_LINES, whole=False)
    if page.values and not lines:
        page.refuse("line1_title", gettext("Write at least one line"))
    _check_rules(page, len(lines), page.values.get("item_maximum", 0) * len(lines))
    if not page.ok:
        return page, None
    values, language = page.values, page.values["language"]
    items = tuple(
        Item(f"item{number}", {language: words}, values[f"line{place}_reversed"])
        for number, (place, words) in enumerate(lines.items(), 1)
    )
    return page, Form(
        key="new",
        pack="new",
        kind=values["kind"],
        version=1,
        words={language: FormWords(values["question"], values["lead"])},
        items=items,
        item_maximum=values["item_maximum"] * 10,
        higher_is_better=values["direction"] == "higher",
        **_facts(values),
    )


def read_version(newest: Form) -> tuple[PageForm, Form | None]:
    """The same for a new version, whose rules are those it had. Words in other languages stay."""
    page = PageForm.read(VERSIONS[len(newest.items)], request.form)
    lines = _read_lines(page, len(newest.items), whole=True)
    _check_rules(page, len(newest.items), newest.maximum / 10)
    if not page.ok:
        return page, None
    language = page.values["language"]
    words = {**newest.words, language: FormWords(page.values["question"], page.values["lead"])}
    items = tuple(
        replace(item, words={**item.words, language: said})
        for item, said in zip(newest.items, lines.values(), strict=True)
    )
    return page, replace(newest, words=words, items=items, **_facts(page.values))


def _read_lines(page: PageForm, count: int, *, whole: bool) -> dict[int, ItemWords]:
    """The lines that are written, by where they stand. A line with words must have a title and both ends; `whole` asks for all."""
    lines: dict[int, ItemWords] = {}
    for number in range(1, count + 1):
        said = {end: page.values.get(f"line{number}_{end}", "") for end in ENDS}
        if not whole and not any([*said.values(), page.values.get(f"line{number}_reversed")]):
            continue
        for end in ("title", "left", "right"):
            if page.values and not said[end]:
                page.refuse(f"line{number}_{end}", gettext("Line %(number)s: fill this in", number=number))
        if said["left"] and said["left"] == said["right"]:
            page.refuse(f"line{number}_right", gettext("Line %(number)s: the ends must differ", number=number))
        lines[number] = ItemWords(**said)
    titles = [line.title for line in lines.values() if line.title]
    if len(set(titles)) < len(titles):
        page.refuse("line1_title", gettext("Each line must have a title of its own"))
    return lines


def _check_rules(page: PageForm, lines: int, maximum: float) -> None:
    """What the schema cannot know: numbers that depend on how many lines there are."""
    if lines and page.values.get("may_miss", 0) >= lines:
        page.refuse("may_miss", gettext("At least one line must be answered"))
    if page.values.get("state") != "unverified" and page.values and not page.values.get("checked_on"):
        page.refuse("checked_on", gettext("Write when it was checked"))
    for name in CONSTANTS:
        value = page.values.get(name)
        if value is None:
            continue
        if maximum and value > maximum:
            page.refuse(name, gettext("The highest total is %(maximum)s", maximum=f"{maximum:g}"))
        if name == "reliable_change" and not value:
            # Of 0, every difference would be a change.
            page.refuse(name, gettext("Leave it empty if there is none."))
        if not page.values.get(f"{name}_source"):
            page.refuse(f"{name}_source", gettext("Write where the number is from"))
        if not page.values.get(f"{name}_state"):
            page.refuse(f"{name}_state", gettext("Choose whether it is verified"))
        elif page.values[f"{name}_state"] != "unverified" and not page.values.get(f"{name}_checked_on"):
            page.refuse(f"{name}_checked_on", gettext("Write when it was checked"))


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a form and a new version of one have alike."""
    constants = {name: constant for name in CONSTANTS if (constant := _constant(values, name)) is not None}
    return {
        "ages": tuple(band for band in AGES if band in values["ages"]),
        "may_miss": values["may_miss"],
        "cut_offs": {band: constants[f"cut_off_{band}"] for band in AGES if f"cut_off_{band}" in constants},
        "reliable_change": constants.get("reliable_change"),
        "origin": Origin(values["source"], values["state"], values.get("checked_on")),
    }


def _constant(values: Mapping[str, Any], name: str) -> Constant | None:
    if values.get(name) is None:
        return None
    return Constant(
        values[name], values[f"{name}_source"], values[f"{name}_state"], values.get(f"{name}_checked_on")
    )


def initial(form: Form, language: str) -> dict[str, Any]:
    """What a page for a new version starts with: the rules it has, and its words in a language where it has them."""
    words = form.words.get(language, FormWords("", ""))
    found: dict[str, Any] = {
        "language": language,
        "version": form.version,
        "ages": list(form.ages),
        "question": words.question,
        "lead": words.lead,
        "may_miss": form.may_miss,
        "source": form.origin.source,
        "state": form.origin.verification,
        "checked_on": form.origin.checked_on,
    }
    for number, item in enumerate(form.items, 1):
        said = item.words.get(language, ItemWords("", "", "", ""))
        found |= {f"line{number}_{end}": getattr(said, end) for end in ENDS}
    constants = {f"cut_off_{band}": constant for band, constant in form.cut_offs.items()}
    for name, constant in (constants | {"reliable_change": form.reliable_change}).items():
        if constant is not None:
            found |= {
                name: f"{constant.value:g}",
                f"{name}_source": constant.source,
                f"{name}_state": constant.verification,
                f"{name}_checked_on": constant.checked_on,
            }
    return found
