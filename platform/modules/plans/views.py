"""The pages of a plan, for whoever has opened it: the plan, the canvas, what matters, a heading, and the changes."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import new_id, utcnow
from hjelpa.core.versions import Conflict
from hjelpa.web.forms import Form
from modules.plans import commands, queries
from modules.plans.charts import draw_way
from modules.plans.history import tell
from modules.plans.place import Opened
from modules.plans.rules import find_evaluation_problem, is_overdue
from modules.plans.schemas import HeadingInput, MattersInput, WordsInput
from modules.plans.wording import (
    CELLS,
    DATE_PROBLEMS,
    EFFECTS,
    FIELDS,
    GOAL_STATES,
    MEASURE_KINDS,
    RIGHT,
    heading_of,
    say_due,
    say_value,
)
from modules.plans.writing import as_text

WORDS = {
    "kinds": MEASURE_KINDS,
    "states": GOAL_STATES,
    "effects": EFFECTS,
    "right": RIGHT,
    "cells": CELLS,
    "heading_of": heading_of,
}


def page(opened: Opened, template: str, **values: Any) -> str:
    """One page of the plan in the frame of its place."""
    return render_template(f"plans/{template}.html", opened=opened, place=opened.place, plan=opened.plan, **values)


def form_page(
    opened: Opened, template: str, form: Form, *, conflict: Conflict | None = None, **values: Any
) -> ResponseReturnValue:
    """A form; 422 with messages beside fields, 409 with both texts where somebody else has changed it meanwhile."""
    status = 409 if conflict else (422 if form.errors else 200)
    texts = show_conflict(form, conflict) if conflict else []
    version = conflict.version if conflict else form.value("version")
    text = page(
        opened,
        template,
        form=form,
        form_errors=conflict or form.errors,
        conflict=conflict,
        texts=texts,
        version=version,
        **values,
    )
    return text, status


def show_conflict(form: Form, conflict: Conflict) -> list[tuple[str, str, str]]:
    """(field in words, what stands in the plan, what was just written) for each field that differs."""
    return [
        (str(FIELDS.get(name, name)), say_value(name, conflict.theirs[name]), _typed(form, name))
        for name in conflict.fields
    ]


def _typed(form: Form, name: str) -> str:
    """What somebody has typed or chosen, in words."""
    typed, chosen = form.typed.get(name), form.values.get(name)
    if isinstance(typed, list):
        return ", ".join(words for value, words in form.choices(name) if value in typed)
    if isinstance(chosen, bool):
        return say_value(name, as_text(chosen))
    return dict(form.choices(name)).get(form.value(name)) or say_value(name, form.value(name))


def saved(opened: Opened, words: str, name: str = "show", anchor: str | None = None) -> ResponseReturnValue:
    """A receipt, and back to the plan."""
    flash(words, "success")
    return redirect(opened.place.url(name, _anchor=anchor), 303)


def today() -> Any:
    return utcnow().astimezone(LOCAL).date()


def show(opened: Opened) -> ResponseReturnValue:
    """The plan on one page: what matters, the next agreed step, goals, measures, agreements and evaluations."""
    sheet = queries.read_sheet(opened.plan.id, opened.author)
    now = today()
    return page(
        opened,
        "show",
        sheet=sheet,
        ways={goal.id: draw_way(goal, sheet.steps.get(goal.id, [])) for goal in sheet.goals},
        goal_words={goal.id: goal.words for goal in sheet.goals},
        due=say_due(opened.plan.evaluate_on, now),
        overdue=lambda day: is_overdue(day, now),
        **WORDS,
    )


def canvas(opened: Opened) -> ResponseReturnValue:
    """All areas on one page, in large text, to look at together."""
    areas, words = queries.read_canvas(opened.plan.id, opened.author)
    return page(opened, "canvas", areas=areas, words=words, **WORDS)


def area(opened: Opened, area_id: uuid.UUID) -> ResponseReturnValue:
    """One area of the canvas to write in: shows it, or saves what was sent."""
    if not opened.place.may_change:
        abort(403)
    found = queries.find_area(opened.plan.id, area_id, opened.author) or abort(404)
    about, words = found
    heading = heading_of(about.key, about.heading)
    if request.method == "GET":
        return form_page(
            opened, "area", Form(WordsInput, initial=_now(words, CELLS)), heading=heading, area_id=area_id
        )
    form, conflict = Form.read(WordsInput, request.form), None
    if form.ok:
        said = {name: form.values[name] for name in CELLS}
        conflict = commands.write_words(
            opened.plan.id,
            area_id,
            words,
            opened.author,
            sent_version=form.values["version"],
            said=said,
            label=heading,
        )
        if conflict is None:
            return saved(opened, gettext("Saved on the canvas."), "canvas", f"area-{area_id}")
    return form_page(opened, "area", form, conflict=conflict, heading=heading, area_id=area_id)


def _now(part: Any, names: Any) -> Mapping[str, Any]:
    """A part as its form begins; version 0 where nothing has been written."""
    if part is None:
        return {"version": 0}
    return {"version": part.version, **{name: as_text(getattr(part, name)) for name in names}}


def heading(opened: Opened) -> ResponseReturnValue:
    """A new area of the canvas with an own heading."""
    if not opened.may_write(opened.plan):
        abort(403)
    if request.method == "GET":
        return form_page(opened, "heading", Form(HeadingInput, initial={"key": new_id()}))
    form = Form.read(HeadingInput, request.form)
    if not form.ok:
        return form_page(opened, "heading", form)
    commands.add_area(opened.plan.id, opened.author, key=form.values["key"], heading=form.values["heading"])
    return saved(opened, gettext("The heading is on the canvas."), "canvas")


def matters(opened: Opened) -> ResponseReturnValue:
    """What matters, and when the whole is looked at next."""
    if not opened.may_write(opened.plan):
        abort(403)
    names = ("matters", "evaluate_on")
    if request.method == "GET":
        return form_page(opened, "matters", Form(MattersInput, initial=_now(opened.plan, names)))
    form, conflict = Form.read(MattersInput, request.form), None
    day = form.values.get("evaluate_on")
    refuse_day(form, day, before=opened.plan.evaluate_on)
    if form.ok:
        said = {"matters": form.values["matters"], "evaluate_on": day}
        conflict = commands.change_part(opened.plan, opened.author, sent_version=form.values["version"], said=said)
        if conflict is None:
            return saved(opened, gettext("Saved in the plan."))
    return form_page(opened, "matters", form, conflict=conflict)


def refuse_day(form: Form, day: Any, *, before: Any, begins_on: Any = None) -> None:
    """A message beside the evaluation date when it cannot be right."""
    if day is None:
        if before is not None and is_overdue(before, today()) and "evaluate_on" not in form.problems:
            form.refuse("evaluate_on", DATE_PROBLEMS["evaluate_first"])
        return
    problem = find_evaluation_problem(day, begins_on=begins_on, today=today(), before=before)
    if problem is not None:
        form.refuse("evaluate_on", DATE_PROBLEMS[problem])


def history(opened: Opened) -> ResponseReturnValue:
    """Every change that the reader may see, as sentences with the old and the new text."""
    changes = queries.list_changes(opened.plan.id, opened.author)
    return page(
        opened, "history", lines=[tell(change) for change in changes], full=len(changes) == queries.MOST_CHANGES
    )
