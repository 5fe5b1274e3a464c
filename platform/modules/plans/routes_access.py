"""Who has access to a child's plan, where people live, and what the municipality has decided about it."""

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access, may
from hjelpa.core.types import new_id
from hjelpa.core.versions import version_of
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.citizens.gate import open_record
from modules.citizens.queries import find_citizen
from modules.plans import access as commands
from modules.plans import queries
from modules.plans.models_access import Adult
from modules.plans.place import Opened
from modules.plans.reaching import refuse_taken, refuse_unreachable
from modules.plans.routes import blueprint as blueprint  # announced with the addresses added here
from modules.plans.routes import open_for
from modules.plans.rules import is_year, may_decide_access, may_see_address, who_decides
from modules.plans.schemas import AddressInput, AdultInput, AgeInput, DecisionInput
from modules.plans.views import form_page, page, today
from modules.plans.writing import lock

COURSE = "/courses/<uuid:course_id>/access"
ADULT = f"{COURSE}/adults/<uuid:adult_id>"


class Door:
    """A plan opened on its page of access, with what that page alone may know."""

    def __init__(self, course_id: uuid.UUID) -> None:
        head = open_record(course_id)
        self.opened: Opened = open_for(head) or abort(404)
        self.is_child = find_citizen(head.citizen_id).age_band != "adult"
        self.responsible = head.answers_now
        # Reading with a stated reason is no right to change who else reads.
        self.may_end = head.answers_now or may("citizens.oversee")
        # An access can be ended in a plan that is closed, too; nothing else of it changes any more.
        self.may_keep = self.may_end and self.opened.place.may_change
        self.age = queries.find_deciding_age()
        self.decider = who_decides(self.age, self.opened.plan.birth_year, today())

    @property
    def may_decide(self) -> bool:
        return self.may_keep and self.is_child and may_decide_access(self.decider, self.opened.author)

    def may_see(self, protected: bool) -> bool:
        """Whether this reader is shown an address, or the contact detail of somebody who lives at a hidden one."""
        return may_see_address(protected=protected, reader=self.opened.author, responsible=self.responsible)

    def find_adult(self, adult_id: uuid.UUID) -> Adult:
        return queries.find_adult(self.opened.plan.id, adult_id) or abort(404)

    def refuse(self) -> ResponseReturnValue:
        return page(self.opened, "not_yours"), 403

    def to_access(self) -> ResponseReturnValue:
        return redirect(self.opened.place.url("access"), 303)


@blueprint.get(f"{COURSE}/decides")
@access("plans.write")
def decides(course_id: uuid.UUID) -> ResponseReturnValue:
    door = Door(course_id)
    if not door.may_keep:
        return door.refuse()
    year = door.opened.plan.birth_year
    return form_page(
        door.opened, "decides", Form(DecisionInput, initial={"birth_year": year, "version": version_of(year)})
    )


@blueprint.post(f"{COURSE}/decides")
@access("plans.write")
def save_decides(course_id: uuid.UUID) -> ResponseReturnValue:
    door, form = Door(course_id), Form.read(DecisionInput, request.form)
    if not door.may_keep:
        return door.refuse()
    year = form.values.get("birth_year")
    if year is not None and not is_year(year, today()):
        form.refuse("birth_year", gettext("Check the year: nobody was born then."))
    if not form.ok or year is None:
        return form_page(door.opened, "decides", form)
    met = commands.decide(
        door.opened.plan,
        door.opened.author,
        birth_year=year,
        from_age=door.age,
        today=today(),
        sent_version=form.values["version"],
    )
    if met is not None:
        return form_page(door.opened, "decides", form, conflict=met)
    flash(gettext("The year of birth is saved."), "success")
    return door.to_access()


@blueprint.get(f"{COURSE}/adults/new")
@access("plans.write")
def new_adult(course_id: uuid.UUID) -> ResponseReturnValue:
    door = Door(course_id)
    if not door.may_keep:
        return door.refuse()
    if not door.may_decide:
        return door.to_access()
    return form_page(door.opened, "adult", Form(AdultInput, initial={"key": new_id()}), decider=door.decider)


@blueprint.post(f"{COURSE}/adults/new")
@access("plans.write")
def give(course_id: uuid.UUID) -> ResponseReturnValue:
    door, form = Door(course_id), Form.read(AdultInput, request.form)
    if not door.may_keep:
        return door.refuse()
    if not door.may_decide:
        return door.to_access()
    if not form.values.get("agreed", False) and "agreed" not in form.problems:
        form.refuse("agreed", gettext("Access is given only when the one who decides has said yes"))
    refuse_taken(form, "contact", refuse_unreachable(form, "contact"), door.opened.plan.citizen_id)
    if not form.ok:
        return form_page(door.opened, "adult", form, decider=door.decider)
    said = {name: form.values[name] for name in ("name", "relation", "contact", "protected")}
    commands.give_access(door.opened.plan, door.opened.author, key=form.values["key"], said=said)
    flash(gettext("%(name)s has access from now.", name=said["name"]), "success")
    return door.to_access()


@blueprint.post(f"{ADULT}/withdraw")
@access("plans.write")
def withdraw(course_id: uuid.UUID, adult_id: uuid.UUID) -> ResponseReturnValue:
    door = Door(course_id)
    if not door.may_end:
        return door.refuse()
    adult = door.find_adult(adult_id)
    commands.withdraw_access(adult, door.opened.author)
    flash(gettext("The access has ended. What was written stays in the plan."), "success")
    return door.to_access()


@blueprint.get(f"{COURSE}/address")
@access("plans.write")
def address(course_id: uuid.UUID) -> ResponseReturnValue:
    return _address(Door(course_id), None)


@blueprint.post(f"{COURSE}/address")
@access("plans.write")
def save_address(course_id: uuid.UUID) -> ResponseReturnValue:
    return _address(Door(course_id), None)


@blueprint.get(f"{ADULT}/address")
@access("plans.write")
def adult_address(course_id: uuid.UUID, adult_id: uuid.UUID) -> ResponseReturnValue:
    door = Door(course_id)
    return _address(door, door.find_adult(adult_id))


@blueprint.post(f"{ADULT}/address")
@access("plans.write")
def save_adult_address(course_id: uuid.UUID, adult_id: uuid.UUID) -> ResponseReturnValue:
    door = Door(course_id)
    return _address(door, door.find_adult(adult_id))


def _address(door: Door, adult: Adult | None) -> ResponseReturnValue:
    """The address of the citizen or of an adult. A hidden one is shown to, and changed by, whoever is responsible only."""
    if not door.may_keep:
        return door.refuse()
    plan, holder = door.opened.plan, adult if adult is not None else door.opened.plan
    if request.method == "POST":
        # Held before it is asked who may see it: another may hide it at this very moment.
        lock(holder)
    if not door.may_see(holder.protected):
        abort(403)
    whose = adult.name if adult is not None else door.opened.whose
    if request.method == "GET":
        known = queries.find_address(plan.id, adult.id if adult is not None else None)
        begun = {"address": known, "protected": holder.protected, "version": version_of(known, holder.protected)}
        return form_page(door.opened, "address", Form(AddressInput, initial=begun), who=whose)
    form, met = Form.read(AddressInput, request.form), None
    if form.ok:
        said = {name: form.values[name] for name in ("address", "protected")}
        met = commands.keep_address(plan.id, holder, said, sent_version=form.values["version"])
    if met is not None or not form.ok:
        return form_page(door.opened, "address", form, conflict=met, who=whose)
    flash(gettext("The address is saved."), "success")
    return door.to_access()


@blueprint.get(COURSE, endpoint="access")
@access("plans.read")
def show_access(course_id: uuid.UUID) -> ResponseReturnValue:
    """Who decides, the adults with access, and where people live."""
    door = Door(course_id)
    addresses = queries.list_addresses(door.opened.plan.id)
    adults: list[dict[str, Any]] = [
        {"adult": adult, "visible": door.may_see(adult.protected), "address": addresses.get(adult.id, "")}
        for adult in queries.list_adults(door.opened.plan.id)
        # Whoever has grown up still has to be able to shut out those who were let in before.
        if door.is_child or adult.withdrawn_at is None
    ]
    return page(door.opened, "access", door=door, adults=adults, own_address=addresses.get(None, ""))


@blueprint.get("/settings")
@access("plans.decide")
def settings() -> ResponseReturnValue:
    age = queries.find_deciding_age()
    return _settings(Form(AgeInput, initial={"age": age}), age)


@blueprint.post("/settings")
@access("plans.decide")
def save_settings() -> ResponseReturnValue:
    form = Form.read(AgeInput, request.form)
    age = form.values.get("age")
    if age is not None and not 1 <= age <= 18:
        form.refuse("age", gettext("Write an age in whole years, from 1 to 18"))
    if not form.ok:
        return _settings(form, queries.find_deciding_age()), 422
    commands.set_deciding_age(age, membership_id=get_seat().id)
    flash(gettext("The decision is saved, and holds from now."), "success")
    return redirect(url_for("plans.settings"), 303)


def _settings(form: Form, age: int | None) -> str:
    return render_template("plans/settings.html", form=form, form_errors=form.errors, age=age)
