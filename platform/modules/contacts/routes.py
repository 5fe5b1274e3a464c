"""The one door: who has made contact, registering a contact, taking it over, and the first conversation."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.types import new_id, utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from hjelpa.web.i18n import moment
from modules.citizens import talk
from modules.citizens.gate import open_record
from modules.citizens.listing import page_address
from modules.citizens.paging import Page, page_number
from modules.contacts import commands, known, queries
from modules.contacts.arrival import read_arrival
from modules.contacts.listing import show_contacts, waited_words
from modules.contacts.models import Contact
from modules.contacts.rules import needs_consent, which
from modules.contacts.schemas import CHANNELS, MADE_BY, ContactInput, FilterInput, FirstConversationInput
from tenants.audit.queries import record_read

blueprint = Blueprint("contacts", __name__, url_prefix="/<tenant>/contacts", template_folder="templates")


@blueprint.get("")
@access("contacts.read")
def index() -> ResponseReturnValue:
    shown = which(request.args.get("show"))
    words = Form.read(FilterInput, request.args).values.get("q", "")
    number = page_number(request.args.get("page"))
    rows = queries.list_contacts(shown, words, get_seat().id, number)
    if not rows and number > 1:
        return redirect(url_for("contacts.index", show=shown), 303)
    page = Page(number, rows[0].total if rows else 0, len(rows))
    return render_template(
        "contacts/index.html",
        rows=show_contacts(rows, utcnow()),
        shown=shown,
        words=words,
        page=page,
        page_url=page_address("contacts.index", show=shown, q=words),
    )


@blueprint.get("/new")
@access("contacts.register")
def new() -> ResponseReturnValue:
    suggested = {"key": new_id(), "made_by": "self", "channel": "call", "next_date": talk.today()}
    return _contact_form(Form(ContactInput, initial=suggested))


@blueprint.post("/new")
@access("contacts.register")
def create() -> ResponseReturnValue:
    form = Form.read(ContactInput, request.form)
    now = utcnow()
    received_at = read_arrival(form, now)
    next_at = talk.read_next_step(form, earliest=now)
    if needs_consent(form.value("made_by")) and form.values.get("consent") is False:
        form.refuse("consent", gettext("Ask the person first. Without their yes we cannot write this down."))
    if not form.ok or next_at is None:
        return _contact_form(form), 422
    contact_id = commands.register(
        form.values, holder=get_seat().id, now=now, received_at=received_at, next_step_at=next_at
    )
    flash(
        gettext(
            "The contact is registered. The next step is yours, %(name)s: %(when)s.",
            name=get_seat().name,
            when=moment(next_at),
        ),
        "success",
    )
    return redirect(url_for("contacts.show", contact_id=contact_id), 303)


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
    )


def _find_course(contact_id: uuid.UUID) -> uuid.UUID | None:
    """The course that a contact has become; ends the request where there is no such contact."""
    found = queries.find_course_of(contact_id)
    return abort(404) if found is None else found[0]


@blueprint.post("/<uuid:contact_id>/take-over")
@access("contacts.register")
def take_over(contact_id: uuid.UUID) -> ResponseReturnValue:
    contact = _lock(contact_id)
    if contact.course_id is not None:
        return redirect(url_for("citizens.course", course_id=contact.course_id), 303)
    commands.take_over(contact, get_seat())
    flash(
        gettext(
            "You are responsible now. The next step is agreed for %(when)s.", when=moment(contact.next_step_at)
        ),
        "success",
    )
    return redirect(url_for("contacts.show", contact_id=contact_id), 303)


@blueprint.get("/<uuid:contact_id>/first-conversation")
@access("contacts.register")
def first_conversation(contact_id: uuid.UUID) -> ResponseReturnValue:
    course_id = _find_course(contact_id)
    if course_id is not None:
        return redirect(url_for("citizens.course", course_id=course_id), 303)
    record_read(contact_id, kind="contact")
    contact = queries.get_contact(contact_id)
    said = {"key": new_id(), "name": contact.name, "phone": contact.phone, "next_date": talk.today()}
    offered = known.offer(get_seat().id, (contact.name,), (contact.phone,))
    return _conversation_form(contact_id, Form(known.asking(offered), initial=said), words=contact.words)


@blueprint.post("/<uuid:contact_id>/first-conversation")
@access("contacts.register")
def hold_first_conversation(contact_id: uuid.UUID) -> ResponseReturnValue:
    contact = _lock(contact_id)
    if contact.course_id is not None:
        return _already_begun(contact)
    record_read(contact_id, kind="contact")
    form = _read_conversation(contact)
    now = utcnow()
    talk.refuse_silence(form)
    next_at = talk.read_next_step(form, earliest=now)
    if not form.ok or next_at is None:
        return _conversation_form(contact_id, form, words=contact.words), 422
    citizen_id = known.chosen_in(form)
    course_id = commands.hold_first_conversation(
        contact, get_seat(), form.values, citizen_id=citizen_id, at=now, next_step_at=next_at
    )
    flash(talk.receipt(next_at, [get_seat().name]), "success")
    return redirect(url_for("citizens.course", course_id=course_id), 303)


def _lock(contact_id: uuid.UUID) -> Contact:
    contact = commands.lock(contact_id)
    return contact if contact is not None else abort(404)


def _read_conversation(contact: Contact) -> Form:
    """What was sent; somebody the helper may know by the contact's or the typed name or number must be chosen or not."""
    sent = request.form
    names, phones = (contact.name, sent.get("name", "")), (contact.phone, sent.get("phone", ""))
    offered = known.offer(get_seat().id, names, phones)
    return Form.read(known.asking(offered, chosen=sent.get("known", "")), sent)


def _already_begun(contact: Contact) -> ResponseReturnValue:
    """The same form sent twice leads to its course; other words are shown again, since they have been saved nowhere."""
    form = Form.read(FirstConversationInput, request.form)
    if form.ok and commands.has_first_conversation(contact, form.values):
        return redirect(url_for("citizens.course", course_id=contact.course_id), 303)
    return _conversation_form(contact.id, form, course_id=contact.course_id), 409


def _conversation_form(
    contact_id: uuid.UUID, form: Form, *, words: str = "", course_id: uuid.UUID | None = None
) -> str:
    """The form with the contact's words; with `course_id` when somebody else has begun the course meanwhile."""
    return render_template(
        "contacts/first_conversation.html",
        contact_id=contact_id,
        words=words,
        course_id=course_id,
        form=form,
        form_errors=course_id or form.errors,
    )
