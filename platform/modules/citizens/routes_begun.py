"""Beginning a conversation with what comes before it, such as a scale, and writing it up afterwards."""

import uuid

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.events import UnmetNeed, publish
from hjelpa.core.permissions import access
from hjelpa.core.schemas import Input
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.citizens import after, before, commands, conversation, talk
from modules.citizens.begun import begin_conversation, find_begun
from modules.citizens.begun import write_up as write_notes
from modules.citizens.gate import open_record
from modules.citizens.queries import AnyRow, Head
from modules.citizens.schemas import BeginningInput, ConversationInput, FirstTalkInput, LateFirstTalkInput

blueprint = Blueprint("conversations", __name__, url_prefix="/<tenant>/courses", template_folder="templates")


@blueprint.post("/<uuid:course_id>/begin")
@access("citizens.read")
def begin(course_id: uuid.UUID) -> ResponseReturnValue:
    head = open_record(course_id)
    form = Form.read(BeginningInput, request.form)
    way = before.find_beginning(form.values["way"]) or abort(404)
    course_url = url_for("citizens.course", course_id=course_id)
    if not commands.keep_open(course_id):
        flash(gettext("This course has ended. Nothing was changed."), "info")
        return redirect(course_url, 303)
    if not before.is_wanted(way, course_id):
        return redirect(course_url, 303)
    begun = begin_conversation(course_id, key=form.values["key"], helper_id=get_seat().id, at=utcnow())
    if not begun.unwritten:
        return _is_written(course_id)
    if begun.new:
        commands.tell_responsible(head, get_seat())
        flash(gettext("The conversation has begun. Write it up when you have talked."), "success")
    return redirect(before.go_on(way, course_id, begun.id), 303)


def _is_written(course_id: uuid.UUID) -> ResponseReturnValue:
    flash(gettext("This conversation has been written up already."), "info")
    return redirect(url_for("citizens.course", course_id=course_id), 303)


@blueprint.get("/<uuid:course_id>/conversations/<uuid:conversation_id>")
@access("citizens.read")
def begun(course_id: uuid.UUID, conversation_id: uuid.UUID) -> ResponseReturnValue:
    head, held = _open(course_id, conversation_id)
    if not held.unwritten:
        return _is_written(course_id)
    suggested = {"key": conversation_id, "next_date": talk.today()}
    return conversation.show_form(head, Form(_asked(head, held), initial=suggested), begun=held)


@blueprint.post("/<uuid:course_id>/conversations/<uuid:conversation_id>")
@access("citizens.read")
def write_up(course_id: uuid.UUID, conversation_id: uuid.UUID) -> ResponseReturnValue:
    head, held = _open(course_id, conversation_id)
    form = Form.read(_asked(head, held), request.form)
    next_at = talk.check(form, utcnow())
    if not form.ok:
        return conversation.show_form(head, form, begun=held), 422
    said = {name: form.values[name] for name in ("matters", "happened", "next_step")} | {"next_step_at": next_at}
    outcome = write_notes(conversation_id, course_id=course_id, helper_id=get_seat().id, said=said)
    if outcome == "refused":
        return conversation.show_form(head, form, begun=held, written=True), 409
    if outcome == "written" and form.values.get("missing"):
        publish(UnmetNeed(form.values["missing"], "conversation"))
    flash(talk.receipt(next_at, head.names if head.closed_at is None else ()), "success")
    then = after.begin(request.form.get("then", ""), course_id, conversation_id) if outcome == "written" else None
    return redirect(then or url_for("citizens.course", course_id=course_id), 303)


def _open(course_id: uuid.UUID, conversation_id: uuid.UUID) -> tuple[Head, AnyRow]:
    """The course, and the reader's own conversation in it: nobody else writes it up."""
    head = open_record(course_id)
    return head, find_begun(conversation_id, course_id, get_seat().id) or abort(404)


def _asked(head: Head, held: AnyRow) -> type[Input]:
    """What is asked about a conversation: more about the first one, and of an ended course no next step."""
    if not held.first:
        return ConversationInput
    return FirstTalkInput if head.closed_at is None else LateFirstTalkInput
