"""Goals, measures and agreements as forms: what is asked, what a form says in the plan's own terms, what is wrong."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from hjelpa.core.schemas import Input
from hjelpa.web.forms import Form
from modules.plans import queries
from modules.plans.models import Agreement, Goal, Measure
from modules.plans.place import Opened
from modules.plans.rules import find_begin_problem, find_due_problem, find_evaluation_problem
from modules.plans.schemas import AgreementInput, GoalInput, asking, choices_of
from modules.plans.sharing_queries import list_helpers
from modules.plans.wording import DATE_PROBLEMS
from modules.plans.writing import as_text
from tenants.identity.members import list_members

AnyPart = Goal | Measure | Agreement


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of part: its table and fields, words for its pages, and the form it is asked with."""

    name: str
    model: type[AnyPart]
    fields: tuple[str, ...]
    new: LazyString
    change: LazyString
    receipt: LazyString
    schema: Callable[[Opened, Any], type[Input]]
    said: Callable[[Form], Mapping[str, Any]]
    check: Callable[[Form, Any, date], None]


def _goal_said(form: Form) -> Mapping[str, Any]:
    return {name: form.values[name] for name in ("words", "state")}


def _agreement_said(form: Form) -> Mapping[str, Any]:
    return {name: form.values[name] for name in ("what", "who", "due_on")}


def _measure_said(form: Form) -> Mapping[str, Any]:
    said = {name: form.values[name] for name in ("what", "kind", "who", "begins_on", "evaluate_on")}
    chosen = {name: form.values.get(name) for name in ("membership_id", "goal_id")}
    ids = {name: uuid.UUID(value) if value else None for name, value in chosen.items()}
    return {**said, **ids, "needs_decision": form.values["needs_decision"] == "yes"}


def _accept(form: Form, part: Any, today: date) -> None:
    """A goal has nothing that a schema cannot know."""


def _check_agreement(form: Form, part: Agreement | None, today: date) -> None:
    due = form.values.get("due_on")
    problem = find_due_problem(due, today, part.due_on if part else None) if due else None
    if problem is not None:
        form.refuse("due_on", DATE_PROBLEMS[problem])


def _check_measure(form: Form, part: Measure | None, today: date) -> None:
    """An owner, and dates in the right order."""
    if not (form.value("who").strip() or form.value("membership_id")):
        form.refuse("who", _l("Write who does it, or choose a colleague"))
    begins, evaluate = form.values.get("begins_on"), form.values.get("evaluate_on")
    problem = find_begin_problem(begins, today) if begins else None
    if problem is not None:
        form.refuse("begins_on", DATE_PROBLEMS[problem])
    if evaluate:
        before = part.evaluate_on if part else None
        problem = find_evaluation_problem(evaluate, begins_on=begins, today=today, before=before)
        if problem is not None:
            form.refuse("evaluate_on", DATE_PROBLEMS[problem])


def _ask_measure(opened: Opened, part: Measure | None) -> type[Input]:
    # A measure stands under a goal of the same owner's: its history would tell others an adult's own words.
    goals, _ = queries.read_goals(opened.plan.id, opened.author)
    own = opened.author.adult_id
    return asking(
        choices_of(_colleagues(opened, part)),
        choices_of([(goal.id, goal.words) for goal in goals if goal.author_adult_id == own]),
    )


def _colleagues(opened: Opened, part: Measure | None) -> list[tuple[uuid.UUID, str]]:
    """Whom a measure can be given to. A guest is shown their own helpers, and not everybody who works here."""
    if opened.author.kind == "member":
        return [(member.id, member.name) for member in list_members()]
    known = list_helpers(opened.plan.citizen_id, part.membership_id if part is not None else None)
    return [(row.id, row.name) for row in known]


KINDS: Mapping[str, Kind] = {
    "goals": Kind(
        "goals",
        Goal,
        ("words", "state"),
        _l("New goal"),
        _l("Change the goal"),
        _l("The goal is in the plan."),
        lambda opened, part: GoalInput,
        _goal_said,
        _accept,
    ),
    "measures": Kind(
        "measures",
        Measure,
        ("what", "kind", "who", "membership_id", "goal_id", "begins_on", "evaluate_on", "needs_decision"),
        _l("New measure"),
        _l("Change the measure"),
        _l("The measure is in the plan. It is looked at on the evaluation date."),
        _ask_measure,
        _measure_said,
        _check_measure,
    ),
    "agreements": Kind(
        "agreements",
        Agreement,
        ("what", "who", "due_on"),
        _l("New agreement"),
        _l("Change the agreement"),
        _l("The agreement is in the plan."),
        lambda opened, part: AgreementInput,
        _agreement_said,
        _check_agreement,
    ),
}


def values_of(kind: Kind, part: AnyPart) -> dict[str, Any]:
    """A part as its form begins."""
    return {"version": part.version, **{name: as_text(getattr(part, name)) for name in kind.fields}}


def title_of(part: AnyPart) -> str:
    return part.words if isinstance(part, Goal) else part.what
