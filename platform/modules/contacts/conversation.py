"""The form of the first conversation: what it asks, what was sent, and what happens when somebody was faster."""

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hjelpa.core.types import new_id
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.citizens import talk
from modules.citizens.queries import AnyRow
from modules.contacts import after, commands, known
from modules.contacts.models import Contact
from modules.contacts.schemas import FirstConversationInput


def begin_form(contact: AnyRow) -> str:
    """The form as it is met, with what the contact has said already."""
    said = {"key": new_id(), "name": contact.name, "phone": contact.phone, "next_date": talk.today()}
    offered = known.offer(get_seat().id, (contact.name,), (contact.phone,))
    return show_form(contact.id, Form(known.asking(offered), initial=said), words=contact.words)


def read_form(contact: Contact) -> Form:
    """What was sent; somebody the helper may know by the contact's or the typed name or number must be chosen or not."""
    sent = request.form
    names, phones = (contact.name, sent.get("name", "")), (contact.phone, sent.get("phone", ""))
    offered = known.offer(get_seat().id, names, phones)
    return Form.read(known.asking(offered, chosen=sent.get("known", "")), sent)


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
    )
