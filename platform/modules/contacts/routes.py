"""Helpers at the door: who has made contact, registering, agreeing on a time, taking over, the first conversation."""

import uuid
from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import new_id, utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from hjelpa.web.i18n import moment
from modules.citizens import after, before, known, talk
from modules.citizens.gate import open_record
from modules.citizens.listing import page_address
from modules.citizens.paging import Page, page_number
from modules.contacts import commands, conversation, queries
from modules.contacts.arrival import read_arrival
from modules.contacts.listing import read_wanted, show_contacts, waited_words
from modules.contacts.models import Contact
from modules.contacts.reach import is_blank
from modules.contacts.rules import needs_consent
from modules.contacts.schemas import (
    CHANNELS,
    MADE_BY,
    AgreementInput,
    ContactInput,
    FilterInput,
    WhoInput,
    registering,
)
from tenants.audit.queries import record_read
from tenants.units.models import Unit
from tenants.units.queries import list_units

blueprint = Blueprint("contacts", __name__, url_prefix="/<tenant>/contacts", template_folder="templates")


@blueprint.get("")
@access("contacts.read")
def index() -> ResponseReturnValue:
    typed = Form.read(FilterInput, request.args).values.get("q", "")
    wanted, number = read_wanted(request.args, typed), page_number(request.args.get("page"))
    doors = list_units() if wanted.door else ()
    narrowed = wanted.values(doors)
    rows = queries.list_contacts(
        wanted.shown, wanted.words, get_seat().id, number, order=wanted.order, narrowed=narrowed
    )
    if not rows and number > 1:
        return redirect(url_for("contacts.index", **wanted.filters), 303)
    page = Page.of(number, rows)
    return render_template(
        "contacts/index.html",
        rows=show_contacts(rows, utcnow()),
        wanted=wanted,
        doors=[(u.slug, u.name) for u in doors or (list_units() if rows and rows[0].several else ())],
        channel=CHANNELS.get(wanted.channel),
        page=page,
        page_url=page_address("contacts.index", **wanted.filters),
    )


@blueprint.get("/new")
@access("contacts.register")
def new() -> ResponseReturnValue:
    doors = list_units()
    suggested = {"key": new_id(), "made_by": "self", "channel": "call", "next_date": talk.today()}
    return _contact_form(Form(_asking(doors), initial={**suggested, "door": doors[0].slug}))


@blueprint.post("/new")
@access("contacts.register")
def create() -> ResponseReturnValue:
    doors, now = list_units(), utcnow()
    form = Form.read(_asking(doors), request.form)
    received_at = read_arrival(form, now)
    next_at = talk.read_next_step(form, earliest=now)
    _refuse_unsaid(form)
    if not form.ok or next_at is None:
        return _contact_form(form), 422
    door = next(unit for unit in doors if unit.slug == form.values.get("door", doors[0].slug))
    contact_id = commands.register(
        form.values, unit_id=door.id, holder=get_seat().id, now=now, received_at=received_at, next_step_at=next_at
    )
    said = gettext("The contact is registered. The next step is yours, %(name)s: %(when)s.")
    flash(said % {"name": get_seat().name, "when": moment(next_at)}, "success")
    return redirect(url_for("contacts.show", contact_id=contact_id), 303)


def _asking(doors: Sequence[Unit]) -> type[ContactInput]:
    return registering({unit.slug: unit.name for unit in doors})


def _refuse_unsaid(form: Form) -> None:
    """What a field alone cannot know: a yes that is needed, and words that are there to be seen."""
    if needs_consent(form.value("made_by")) and form.values.get("consent") is False:
        form.refuse("consent", gettext("Ask the person first. Without their yes we cannot write this down."))
    if form.value("words").strip() and is_blank(form.value("words")):
        form.refuse("words", gettext("Write a few of the person's own words"))


def _contact_form(form: Form) -> str:
    return render_template("contacts/new.html", form=form, form_errors=form.errors)


@blueprint.get("/<uuid:contact_id>")
@access("contacts.read")
def show(contact_id: uuid.UUID) -> ResponseReturnValue:
    course_id = _find_course(contact_id)
    if course_id is not None:
        open_record(course_id)
    else:
        record_read(contact_id, kind="contact")
    contact = queries.get_contact(contact_id)
    return render_template(
        "contacts/show.html",
        contact=contact,
        channel=CHANNELS[contact.channel],
        made_by=MADE_BY[contact.made_by],
        waited=waited_words(contact.received_at, utcnow()),
        mine=contact.membership_id == get_seat().id,
        beginnings=before.list_beginnings(),
    )


def _find_course(contact_id: uuid.UUID) -> uuid.UUID | None:
    """The course that a contact has become; ends the request where there is no such contact."""
    found = queries.find_course_of(contact_id)
    return abort(404) if found is None else found[0]


def _open_waiting(contact_id: uuid.UUID) -> None:
    """Writes the read of a contact to the access log; ends the request at the course where it has become one."""
    course_id = _find_course(contact_id)
    if course_id is not None:
        abort(redirect(url_for("citizens.course", course_id=course_id), 303))
    record_read(contact_id, kind="contact")


@blueprint.post("/<uuid:contact_id>/take-over")
@access("contacts.register")
def take_over(contact_id: uuid.UUID) -> ResponseReturnValue:
    contact = _lock(contact_id)
    if contact.course_id is not None:
        return redirect(url_for("citizens.course", course_id=contact.course_id), 303)
    commands.take_over(contact, get_seat(), utcnow())
    return _is_yours(contact)


@blueprint.get("/<uuid:contact_id>/agreement")
@access("contacts.register")
def agreement(contact_id: uuid.UUID) -> ResponseReturnValue:
    _open_waiting(contact_id)
    return _agreement_form(contact_id, None)


@blueprint.post("/<uuid:contact_id>/agreement")
@access("contacts.register")
def agree(contact_id: uuid.UUID) -> ResponseReturnValue:
    contact = _lock(contact_id)
    if contact.course_id is not None:
        return redirect(url_for("citizens.course", course_id=contact.course_id), 303)
    record_read(contact_id, kind="contact")
    form, now = Form.read(AgreementInput, request.form), utcnow()
    next_at = talk.read_next_step(form, earliest=now)
    if form.ok and next_at and commands.is_agreed(contact, get_seat(), form.values["next_step"], next_at):
        return _is_yours(contact)
    if form.ok and form.values["seen"] != commands.state_of(contact):
        return _agreement_form(contact_id, form, changed=True), 409
    if not form.ok or next_at is None:
        return _agreement_form(contact_id, form), 422
    commands.agree(contact, get_seat(), next_step=form.values["next_step"], next_step_at=next_at, now=now)
    return _is_yours(contact)


def _is_yours(contact: Contact) -> ResponseReturnValue:
    said = gettext("You are responsible now. The next step is agreed for %(when)s.")
    flash(said % {"when": moment(contact.next_step_at)}, "success")
    return redirect(url_for("contacts.show", contact_id=contact.id), 303)


def _agreement_form(contact_id: uuid.UUID, form: Form | None, *, changed: bool = False) -> str:
    """The form with what is known of whoever waits; `changed` when a colleague has agreed on something meanwhile."""
    contact = queries.get_contact(contact_id)
    now = utcnow().astimezone(LOCAL)
    suggested = {"next_step": gettext("We talk on the telephone"), "next_date": now.date().isoformat()}
    form = form or Form(AgreementInput, initial={**suggested, "next_time": f"{now.hour:02}:{now.minute:02}"})
    return render_template(
        "contacts/agreement.html",
        contact=contact,
        form=form,
        form_errors=changed or form.errors,
        changed=changed,
        seen=commands.state_of(contact),
    )


@blueprint.get("/<uuid:contact_id>/first-conversation")
@access("contacts.register")
def first_conversation(contact_id: uuid.UUID) -> ResponseReturnValue:
    _open_waiting(contact_id)
    contact = queries.get_contact(contact_id)
    return conversation.show_form(contact_id, conversation.first_form(contact), words=contact.words)


@blueprint.post("/<uuid:contact_id>/first-conversation")
@access("contacts.register")
def hold_first_conversation(contact_id: uuid.UUID) -> ResponseReturnValue:
    contact = _lock(contact_id)
    if contact.course_id is not None:
        return conversation.answer_begun(contact)
    record_read(contact_id, kind="contact")
    form, now = conversation.read_form(contact), utcnow()
    talk.refuse_silence(form)
    next_at = talk.read_next_step(form, earliest=now)
    if not form.ok or next_at is None:
        return conversation.show_form(contact_id, form, words=contact.words), 422
    held = commands.hold_first_conversation(
        contact, get_seat(), form.values, citizen_id=known.chosen_in(form), at=now, next_step_at=next_at
    )
    flash(talk.receipt(next_at, held.responsible), "success")
    then = after.begin(request.form.get("then", ""), held.course_id, held.conversation_id)
    return redirect(then or url_for("citizens.course", course_id=held.course_id), 303)


@blueprint.get("/<uuid:contact_id>/begin")
@access("contacts.register")
def beginning(contact_id: uuid.UUID) -> ResponseReturnValue:
    _open_waiting(contact_id)
    contact = queries.get_contact(contact_id)
    return conversation.show_beginning(contact_id, conversation.first_form(contact, WhoInput))


@blueprint.post("/<uuid:contact_id>/begin")
@access("contacts.register")
def begin(contact_id: uuid.UUID) -> ResponseReturnValue:
    """Turns the contact into a course whose first conversation has begun, with whatever it begins with."""
    contact, way = _lock(contact_id), before.find_beginning(request.form.get("way", "")) or abort(404)
    if contact.course_id is not None:
        return redirect(conversation.go_on(contact.course_id, way), 303)
    record_read(contact_id, kind="contact")
    form = conversation.read_form(contact, WhoInput)
    if not form.ok:
        return conversation.show_beginning(contact_id, form), 422
    held = commands.begin_first_conversation(
        contact, get_seat(), form.values, citizen_id=known.chosen_in(form), at=utcnow()
    )
    flash(gettext("The conversation has begun. Write it up when you have talked."), "success")
    return redirect(conversation.begin_with(way, held.course_id, held.conversation_id), 303)


def _lock(contact_id: uuid.UUID) -> Contact:
    contact = commands.lock(contact_id)
    return contact if contact is not None else abort(404)
