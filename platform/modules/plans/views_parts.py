"""Goals, measures and agreements: new ones, changes, where a goal stands, what is done, and evaluations."""

import uuid
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.events import Dissatisfaction, UnmetNeed, publish
from hjelpa.core.types import new_id, utcnow
from hjelpa.core.versions import Conflict
from hjelpa.web.forms import Form
from modules.citizens.queries import find_open_course
from modules.plans import commands, queries
from modules.plans.evaluating import evaluate as keep_evaluation
from modules.plans.models import Agreement, Goal, Measure, Plan
from modules.plans.parts import KINDS, Kind, title_of, values_of
from modules.plans.place import Opened, list_offers
from modules.plans.rules import find_evaluation_problem, may_write
from modules.plans.schemas import SHORT, EvaluationInput, ProgressInput
from modules.plans.views import form_page, saved, today
from modules.plans.wording import DATE_PROBLEMS


def _kind(name: str) -> Kind:
    return KINDS.get(name) or abort(404)


def _find(opened: Opened, model: Any, part_id: uuid.UUID) -> Any:
    return queries.find_part(model, opened.plan.id, part_id, opened.author) or abort(404)


def add(opened: Opened, name: str) -> ResponseReturnValue:
    """A new goal, measure or agreement. A measure may begin with something from the catalogue (`?offer=`)."""
    kind = _kind(name)
    if not opened.place.may_change:
        abort(403)
    if request.method == "GET":
        begun = {"key": new_id(), "state": "open", "begins_on": today().isoformat(), **_suggested(kind)}
        return _part_page(opened, kind, Form(kind.schema(opened, None), initial=begun))
    form = Form.read(kind.schema(opened, None), request.form)
    kind.check(form, None, today())
    if not form.ok:
        return _part_page(opened, kind, form)
    commands.add_part(kind.model, opened.plan.id, opened.author, key=form.values["key"], said=kind.said(form))
    return saved(opened, str(kind.receipt), anchor=name)


def change(opened: Opened, name: str, part_id: uuid.UUID) -> ResponseReturnValue:
    """One part to change."""
    kind = _kind(name)
    part = _find(opened, kind.model, part_id)
    if not opened.may_write(part):
        abort(403)
    if request.method == "GET":
        return _part_page(opened, kind, Form(kind.schema(opened, part), initial=values_of(kind, part)), part=part)
    form, conflict = Form.read(kind.schema(opened, part), request.form), None
    kind.check(form, part, today())
    if form.ok:
        version = form.values["version"]
        conflict = commands.change_part(
            part, opened.author, sent_version=version, said=kind.said(form), label=title_of(part)
        )
        if conflict is None:
            return saved(opened, str(kind.receipt), anchor=name)
    return _part_page(opened, kind, form, part=part, conflict=conflict)


def _part_page(
    opened: Opened, kind: Kind, form: Form, *, part: Any = None, conflict: Conflict | None = None
) -> ResponseReturnValue:
    words = request.args.get("q", "").strip()[:100]
    offers = list_offers(words) if words and kind.name == "measures" and part is None else []
    return form_page(opened, kind.name, form, conflict=conflict, kind=kind, part=part, words=words, offers=offers)


def _suggested(kind: Kind) -> dict[str, str]:
    """What somebody chose among the help that exists, as the form's beginning."""
    if kind.name != "measures":
        return {}
    # The address names the kind of part already: whose effort it is has another name there.
    asked = {"what": request.args.get("what", "")[:SHORT], "kind": request.args.get("kind_of", "")}
    return {name: value for name, value in asked.items() if value}


def progress(opened: Opened, goal_id: uuid.UUID) -> ResponseReturnValue:
    """Where somebody stands on the way to a goal, 0 to 10."""
    goal = _find(opened, Goal, goal_id)
    if not opened.place.may_change:
        abort(403)
    if request.method == "GET":
        return form_page(opened, "progress", Form(ProgressInput, initial={"key": new_id()}), goal=goal)
    form = Form.read(ProgressInput, request.form)
    if not form.ok:
        return form_page(opened, "progress", form, goal=goal)
    value = int(form.values["value"])
    commands.add_progress(opened.plan.id, goal, opened.author, key=form.values["key"], value=value)
    return saved(opened, gettext("Saved: you are at %(value)s of 10.", value=value), anchor="goals")


def set_done(opened: Opened, part_id: uuid.UUID) -> ResponseReturnValue:
    """An agreement is done, or not after all."""
    agreed = _find(opened, Agreement, part_id)
    if not opened.may_write(agreed):
        abort(403)
    done = request.form.get("done") == "1"
    commands.set_done(agreed, opened.author, done=done)
    words = gettext("The agreement is done.") if done else gettext("The agreement stands open again.")
    return saved(opened, words, anchor="agreements")


def evaluate(opened: Opened, measure_id: uuid.UUID | None = None) -> ResponseReturnValue:
    """One look at the whole plan, or at one measure."""
    about = opened.plan if measure_id is None else _find(opened, Measure, measure_id)
    if not opened.place.may_change:
        abort(403)
    if isinstance(about, Measure) and about.ended_on is not None:
        abort(404)
    if request.method == "GET":
        begun = {"key": new_id(), "version": about.version, "then": "again"}
        return form_page(opened, "evaluate", Form(EvaluationInput, initial=begun), about=about)
    form = Form.read(EvaluationInput, request.form)
    _check_next(form, about, opened)
    if not form.ok:
        return form_page(opened, "evaluate", form, about=about)
    return _keep_evaluation(opened, about, form)


def _check_next(form: Form, about: Plan | Measure, opened: Opened) -> None:
    """It goes on with a new date after today, or it ends."""
    if form.values.get("then") != "again":
        return
    day = form.values.get("next_on")
    if day is None:
        form.refuse("next_on", gettext("Choose a new evaluation date"))
        return
    begins = about.begins_on if isinstance(about, Measure) else None
    problem = find_evaluation_problem(day, begins_on=begins, today=today())
    if problem is not None or day == today():
        form.refuse("next_on", DATE_PROBLEMS[problem or "passed"])


def _keep_evaluation(opened: Opened, about: Plan | Measure, form: Form) -> ResponseReturnValue:
    said = {name: form.values[name] for name in ("effect", "right_help", "change", "wanted")}
    said["next_on"] = form.values.get("next_on") if form.values["then"] == "again" else None
    said["shared"] = bool(form.values["shared"] and said["wanted"])
    kept = keep_evaluation(
        about,
        opened.author,
        key=form.values["key"],
        sent_version=form.values["version"],
        said=said,
        held_on=today(),
    )
    if isinstance(kept, Conflict):
        return form_page(opened, "evaluate", form, conflict=kept, about=about)
    if kept and said["shared"]:
        # Only the words leave the plan: neither whose they are nor which plan they stood in.
        publish(UnmetNeed(said["wanted"], "plan"))
    if kept and "no" in (said["effect"], said["right_help"]):
        _tell_unhelped(opened.plan)
    return saved(opened, _receipt(said, may_write(getattr(about, "author_adult_id", None), opened.author)))


def _tell_unhelped(plan: Plan) -> None:
    """Help that does nothing, or is not the right help, wants a call while there is a course to answer for it."""
    course_id = find_open_course(plan.citizen_id)
    if course_id is not None:
        publish(Dissatisfaction(course_id, "said", utcnow()))


def _receipt(said: dict[str, Any], moved: bool) -> str:
    if not moved:
        return str(gettext("What you think is saved."))
    if said["next_on"] is None:
        return str(gettext("The evaluation is saved. It ends here."))
    return str(gettext("The evaluation is saved, and the next date is set."))
