"""The form of the first conversation: what it asks, what was sent, and what happens when somebody was faster."""

import uuid

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hjelpa.core.contract import BeforeConversation
from hjelpa.core.schemas import Input
from hjelpa.core.types import new_id
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.citizens import after, before, known, talk
from modules.citizens.begun import find_begun
from modules.citizens.queries import AnyRow
from modules.contacts import commands
from modules.contacts.models import Contact
from modules.contacts.schemas import FirstConversationInput, WhoInput


def first_form(contact: AnyRow, asked: type[Input] = FirstConversationInput) -> Form:
    """The form as it is met, with what the contact has said already."""
    said = {"key": new_id(), "name": contact.name, "phone": contact.phone, "next_date": talk.today()}
    offered = known.offer(get_seat().id, (contact.name,), (contact.phone,))
    return Form(known.asking(asked, offered), initial=said)


def read_form(contact: Contact, asked: type[Input] = FirstConversationInput) -> Form:
    """What was sent; somebody the helper may know by the contact's or the typed name or number must be chosen or not."""
    sent = request.form
    names, phones = (contact.name, sent.get("name", "")), (contact.phone, sent.get("phone", ""))
    offered = known.offer(get_seat().id, names, phones)
    return Form.read(known.asking(asked, offered, chosen=sent.get("known", "")), sent)


def show_beginning(contact_id: uuid.UUID, form: Form) -> str:
    """Who it is, and the ways to begin; 404 where there is none."""
    beginnings = before.list_beginnings() or abort(404)
    return render_template(
        "contacts/beginning.html",
        contact_id=contact_id,
        form=form,
        form_errors=form.errors,
        beginnings=beginnings,
    )


def go_on(course_id: uuid.UUID, way: BeforeConversation) -> str:
    """Where a contact leads that has become a course: on with this very form's conversation, else to the course."""
    form = Form.read(WhoInput, request.form)
    held = find_begun(form.values["key"], course_id, get_seat().id) if form.ok else None
    if held is not None and held.unwritten:
        return begin_with(way, course_id, held.id)
    return url_for("citizens.course", course_id=course_id)


def begin_with(way: BeforeConversation, course_id: uuid.UUID, conversation_id: uuid.UUID) -> str:
    """Where a first conversation goes on that has begun: to its notes, where somebody would rather be without."""
    if not before.is_wanted(way, course_id):
        return before.notes_url(course_id, conversation_id)
    return before.go_on(way, course_id, conversation_id)


def answer_begun(contact: Contact) -> ResponseReturnValue:
    """The same form sent twice leads to its course; other words are shown again, since they have been saved nowhere."""
    form = Form.read(FirstConversationInput, request.form)
    if form.ok and commands.has_first_conversation(contact, form.values):
        return redirect(url_for("citizens.course", course_id=contact.course_id), 303)
    return show_form(contact.id, form, course_id=contact.course_id), 409


def show_form(contact_id: uuid.UUID, form: Form, *, words: str = "", course_id: uuid.UUID | None = None) -> str:
    """The form with the contact's words; with `course_id` when somebody else has begun the course meanwhile."""
    return render_template(
        "contacts/first_conversation.html",
        contact_id=contact_id,
        words=words,
        course_id=course_id,
        form=form,
        form_errors=course_id or form.errors,
        actions=after.list_actions(),
        beginnings=before.list_beginnings(),
    )
