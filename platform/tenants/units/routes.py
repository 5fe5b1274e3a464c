"""Doors and duty: which doors there are, who is behind each, and the turns of duty."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.types import new_id, utcnow
from hjelpa.web.forms import Form
from tenants.identity.members import list_members, names_by_id
from tenants.units import commands, queries
from tenants.units.models import Unit
from tenants.units.reading import read_turn, refuse_missing, refuse_same
from tenants.units.schemas import AGES, asking, asking_turn

blueprint = Blueprint("units", __name__, url_prefix="/<tenant>/settings/doors", template_folder="templates")

FIELDS = (
    "name",
    "area",
    "age_group",
    "phone",
    "visit",
    "answer_hours",
    "open",
    "leader_id",
    "duty_id",
    "deputy_id",
)
MOST_TURNS = 200


@blueprint.get("")
@access("units.configure")
def index() -> ResponseReturnValue:
    return render_template("units/index.html", units=queries.list_units(), names=names_by_id(), ages=AGES)


@blueprint.get("/new")
@access("units.configure")
def new() -> ResponseReturnValue:
    suggested = {"key": new_id(), "age_group": "all", "answer_hours": 24}
    return _unit_form(Form(asking(list_members()), initial=suggested))


@blueprint.post("/new")
@access("units.configure")
def create() -> ResponseReturnValue:
    form = _read_unit()
    if not form.ok:
        return _unit_form(form), 422
    unit_id = commands.add_unit(form.values)
    flash(gettext("The door %(name)s is here now.", name=form.values["name"]), "success")
    return redirect(url_for("units.show", unit_id=unit_id), 303)


@blueprint.get("/<uuid:unit_id>")
@access("units.configure")
def show(unit_id: uuid.UUID) -> ResponseReturnValue:
    unit, now = _find(unit_id), utcnow()
    turns = queries.list_turns(unit_id, limit=MOST_TURNS)
    return render_template(
        "units/show.html",
        unit=unit,
        names=names_by_id(),
        age_group=AGES[unit.age_group],
        duty=queries.find_duty(unit_id, now),
        coming=[turn for turn in reversed(turns) if turn.ends_at > now],
        past=[turn for turn in turns if turn.ends_at <= now],
        now=now,
    )


@blueprint.get("/<uuid:unit_id>/edit")
@access("units.configure")
def edit(unit_id: uuid.UUID) -> ResponseReturnValue:
    unit = _find(unit_id)
    known: Mapping[str, Any] = {name: getattr(unit, name) for name in FIELDS}
    return _unit_form(Form(asking(list_members()), initial=known), unit)


@blueprint.post("/<uuid:unit_id>/edit")
@access("units.configure")
def save(unit_id: uuid.UUID) -> ResponseReturnValue:
    unit, form = _find(unit_id), _read_unit()
    if not form.ok:
        return _unit_form(form, unit), 422
    commands.change_unit(unit_id, form.values)
    flash(gettext("The door %(name)s is as you wrote it.", name=form.values["name"]), "success")
    return redirect(url_for("units.show", unit_id=unit_id), 303)


@blueprint.get("/<uuid:unit_id>/turns/new")
@access("units.configure")
def new_turn(unit_id: uuid.UUID) -> ResponseReturnValue:
    return _turn_form(_find(unit_id), Form(asking_turn(list_members()), initial={"key": new_id()}))


@blueprint.post("/<uuid:unit_id>/turns/new")
@access("units.configure")
def add_turn(unit_id: uuid.UUID) -> ResponseReturnValue:
    unit, form = _find(unit_id), Form.read(asking_turn(list_members()), request.form)
    refuse_same(form)
    times = read_turn(form, utcnow())
    if not form.ok or times is None:
        return _turn_form(unit, form), 422
    if not commands.add_turn(unit_id, form.values, *times):
        form.refuse("from_date", gettext("Somebody else is on duty then. End or take back that turn first."))
        return _turn_form(unit, form), 422
    flash(gettext("The turn of duty is written down."), "success")
    return redirect(url_for("units.show", unit_id=unit_id), 303)


@blueprint.post("/<uuid:unit_id>/turns/<uuid:turn_id>/end")
@access("units.configure")
def end_turn(unit_id: uuid.UUID, turn_id: uuid.UUID) -> ResponseReturnValue:
    if not commands.end_turn(unit_id, turn_id, utcnow()):
        abort(404)
    flash(gettext("The turn of duty has ended. The usual two are on duty then."), "success")
    return redirect(url_for("units.show", unit_id=unit_id), 303)


def _find(unit_id: uuid.UUID) -> Unit:
    return queries.find(unit_id) or abort(404)


def _read_unit() -> Form:
    form = Form.read(asking(list_members()), request.form)
    refuse_missing(form)
    refuse_same(form)
    return form


def _unit_form(form: Form, unit: Unit | None = None) -> str:
    return render_template("units/edit.html", form=form, form_errors=form.errors, unit=unit)


def _turn_form(unit: Unit, form: Form) -> str:
    return render_template("units/turn.html", form=form, form_errors=form.errors, unit=unit)
