"""The helper lets the citizen in to their own pages, and takes that back."""

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.permissions import access, may
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.citizens.gate import open_record
from modules.citizens.queries import Head, find_citizen
from modules.my import queries
from modules.my.schemas import AccessInput
from modules.my.signing_in import say_nothing_sends
from tenants.guests.commands import give, withdraw
from tenants.guests.queries import find_access, get_place, is_taken
from tenants.guests.rules import Address, read_address
from tenants.messages.transports import can_send

giving = Blueprint(
    "own_access", __name__, url_prefix="/<tenant>/courses/<uuid:course_id>/access", template_folder="templates"
)


@giving.get("/new")
@access("my.give")
def new(course_id: uuid.UUID) -> ResponseReturnValue:
    head = _open_as_responsible(course_id)
    citizen = find_citizen(head.citizen_id)
    # A child's telephone number is often a parent's.
    return _page(
        head, Form(AccessInput, initial={"address": citizen.phone if citizen.age_band == "adult" else ""})
    )


@giving.post("/new")
@access("my.give")
def create(course_id: uuid.UUID) -> ResponseReturnValue:
    head = _open_as_responsible(course_id)
    form = Form.read(AccessInput, request.form)
    to = _read_address(form)
    if form.ok and not form.values["asked"]:
        form.refuse("asked", gettext("Ask the citizen first. The pages are theirs."))
    if to is not None and is_taken(head.citizen_id, to.text, relation="self"):
        form.refuse(
            "address", gettext("An adult or a service comes in by this address. It cannot be the citizen's too.")
        )
    if not form.ok or to is None:
        return _page(head, form), 422
    if not queries.is_given(head.citizen_id, to.text):
        name = find_citizen(head.citizen_id).name
        give(head.citizen_id, relation="self", name=name, to=to, by=get_seat().name)
    flash(gettext("Access is given, and an invitation is on its way."), "success")
    return _back(course_id)


@giving.post("/<uuid:access_id>/withdraw")
@access("my.give")
def take_back(course_id: uuid.UUID, access_id: uuid.UUID) -> ResponseReturnValue:
    head = _open_as_responsible(course_id)
    found = find_access(access_id)
    if found is None or found.citizen_id != head.citizen_id or found.relation != "self":
        abort(404)
    withdraw(access_id, by=get_seat().name)
    flash(gettext("Access is withdrawn. Nothing more can be read with it."), "success")
    return _back(course_id)


def render_section(course_id: uuid.UUID) -> Markup:
    """The section on a course's page, which has already checked that it may be read."""
    known, answers_now = queries.list_access(course_id, get_seat().id)
    part = current_app.jinja_env.get_template("my/section.html").render(
        course_id=course_id,
        living=[one for one in known if one.withdrawn_at is None],
        earlier=[one for one in known if one.withdrawn_at is not None],
        may_give=may("my.give") and (answers_now or may("citizens.oversee")),
    )
    return Markup(part)  # noqa: S704  # our own template, which escapes


def _open_as_responsible(course_id: uuid.UUID) -> Head:
    """Access is given and withdrawn by whoever answers for the citizen now, or by the leader."""
    head = open_record(course_id)
    if not (may("citizens.oversee") or head.answers_now):
        abort(403)
    return head


def _read_address(form: Form) -> Address | None:
    typed = form.values.get("address", "")
    to = read_address(typed, get_place(get_tenant_id()).country) if typed else None
    if typed and to is None:
        form.refuse("address", gettext("Write a phone number with eight digits, or an e-mail address"))
    if to is not None and not can_send(to.channel):
        form.refuse("address", say_nothing_sends(to.channel))
    return to


def _page(head: Head, form: Form) -> str:
    return render_template("my/give.html", head=head, form=form, form_errors=form.errors)


def _back(course_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("citizens.course", course_id=course_id, _anchor="own-access"), 303)
