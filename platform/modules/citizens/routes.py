"""Courses of help: the list, the page of one, a conversation, an ending, a stated reason, and who has read."""

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access, may
from hjelpa.core.types import new_id, utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from hjelpa.web.i18n import moment
from modules.citizens import after, before, caseload, commands, queries, sections, talk
from modules.citizens.conversation import show_form
from modules.citizens.gate import open_record
from modules.citizens.listing import page_address, show_courses
from modules.citizens.paging import Page, page_number
from modules.citizens.queries import Head
from modules.citizens.rules import is_reason, may_end, may_read
from modules.citizens.schemas import AGES, HOW_ENDED, ConversationInput, EndingInput, ReasonInput
from modules.citizens.timeline import tell
from tenants.audit.queries import list_reads

blueprint = Blueprint("citizens", __name__, url_prefix="/<tenant>/courses", template_folder="templates")

SHOWN_CONVERSATIONS = 50
SHOWN_READS = 100


@blueprint.get("")
@access("citizens.read")
def index() -> ResponseReturnValue:
    oversees = may("citizens.oversee")
    scope = request.args.get("show", "mine")
    scope = scope if scope in caseload.SCOPES and (oversees or scope != "all") else "mine"
    number = page_number(request.args.get("page"))
    rows = caseload.list_courses(scope, get_seat().id, number)
    if not rows and number > 1:
        return redirect(url_for("citizens.index", show=scope), 303)
    page = Page.of(number, rows)
    return render_template(
        "citizens/index.html",
        rows=show_courses(rows),
        scope=scope,
        page=page,
        page_url=page_address("citizens.index", show=scope),
        oversees=oversees,
    )


@blueprint.get("/<uuid:course_id>")
@access("citizens.read")
def course(course_id: uuid.UUID) -> ResponseReturnValue:
    head = open_record(course_id)
    ways = before.list_beginnings()
    rows = queries.read_record(course_id, limit=SHOWN_CONVERSATIONS, besides=before.conditions(ways))
    conversations = [row for row in rows if row.id is not None]
    unwritten = [row for row in conversations if row.unwritten and row.membership_id == get_seat().id]
    may_begin = head.closed_at is None and not unwritten
    return render_template(
        "citizens/course.html",
        head=head,
        citizen=rows[0],
        age=AGES[rows[0].age_band],
        ending=HOW_ENDED.get(head.ending or ""),
        latest=next((row for row in conversations if not row.unwritten), None),
        unwritten=unwritten,
        beginnings=before.pick(ways, rows[0]) if may_begin else (),
        key=new_id(),
        full=len(conversations) == SHOWN_CONVERSATIONS,
        may_end=_may_end(head),
        sections=sections.render(course_id),
        events=tell(head, conversations, sections.list_events(course_id)),
    )


@blueprint.get("/<uuid:course_id>/conversation")
@access("citizens.read")
def conversation(course_id: uuid.UUID) -> ResponseReturnValue:
    head = open_record(course_id)
    if head.closed_at is not None:
        return _has_ended(course_id)
    return show_form(head, Form(ConversationInput, initial={"key": new_id(), "next_date": talk.today()}))


@blueprint.post("/<uuid:course_id>/conversation")
@access("citizens.read")
def add_conversation(course_id: uuid.UUID) -> ResponseReturnValue:
    head = open_record(course_id)
    form = Form.read(ConversationInput, request.form)
    if not commands.keep_open(course_id):
        return show_form(head, form, ended=True), 409
    now = utcnow()
    next_at = talk.check(form, now)
    if not form.ok:
        return show_form(head, form), 422
    said = {name: form.values[name] for name in ("key", "matters", "happened", "next_step")}
    held_id = commands.add_conversation(course_id, helper_id=get_seat().id, at=now, next_step_at=next_at, **said)
    if held_id is not None:
        commands.tell_responsible(head, get_seat())
    flash(talk.receipt(next_at, head.names), "success")
    then = after.begin(request.form.get("then", ""), course_id, held_id) if held_id else None
    return redirect(then or url_for("citizens.course", course_id=course_id), 303)


def _has_ended(course_id: uuid.UUID) -> ResponseReturnValue:
    flash(gettext("This course has ended. Nothing was changed."), "info")
    return redirect(url_for("citizens.course", course_id=course_id), 303)


@blueprint.get("/<uuid:course_id>/ending")
@access("citizens.read")
def ending(course_id: uuid.UUID) -> ResponseReturnValue:
    head = _open_to_end(course_id)
    return _has_ended(course_id) if head.closed_at is not None else _ending_page(head, Form(EndingInput))


@blueprint.post("/<uuid:course_id>/ending")
@access("citizens.read")
def end(course_id: uuid.UUID) -> ResponseReturnValue:
    head = _open_to_end(course_id)
    form = Form.read(EndingInput, request.form)
    if not form.ok:
        return _ending_page(head, form), 422
    if not commands.end_course(course_id, form.values["ending"]):
        return _has_ended(course_id)
    flash(gettext("The course has ended. Anyone can make contact again whenever they like."), "success")
    return redirect(url_for("citizens.course", course_id=course_id), 303)


def _may_end(head: Head) -> bool:
    mine = any(turn.membership_id == get_seat().id for turn in head.responsible)
    return may_end(responsible_now=mine, oversees=may("citizens.oversee"))


def _open_to_end(course_id: uuid.UUID) -> Head:
    head = open_record(course_id)
    if head.closed_at is None and not _may_end(head):
        abort(403)
    return head


def _ending_page(head: Head, form: Form) -> str:
    citizen = queries.find_citizen(head.citizen_id)
    return render_template("citizens/ending.html", head=head, citizen=citizen, form=form, form_errors=form.errors)


@blueprint.get("/<uuid:course_id>/reason")
@access("citizens.read")
def reason(course_id: uuid.UUID) -> ResponseReturnValue:
    head = _find_closed_to_reader(course_id)
    if may_read(head.tie, utcnow()):
        return redirect(url_for("citizens.course", course_id=course_id), 303)
    return _reason_page(head, Form(ReasonInput))


@blueprint.post("/<uuid:course_id>/reason")
@access("citizens.read")
def give_reason(course_id: uuid.UUID) -> ResponseReturnValue:
    head = _find_closed_to_reader(course_id)
    form = Form.read(ReasonInput, request.form)
    if form.ok and not is_reason(form.values["reason"]):
        form.refuse("reason", gettext("Write a few words more, so that the citizen understands why"))
    if not form.ok:
        return _reason_page(head, form), 422
    if not may_read(head.tie, utcnow()):
        commands.give_reason(head.citizen_id, get_seat().id, form.values["reason"])
    return redirect(url_for("citizens.course", course_id=course_id), 303)


def _find_closed_to_reader(course_id: uuid.UUID) -> Head:
    """The course as known to somebody who may not read it yet: nothing about the citizen is loaded."""
    head = queries.find_head(course_id, get_seat().id)
    return head if head is not None else abort(404)


def _reason_page(head: Head, form: Form) -> str:
    return render_template("citizens/reason.html", head=head, form=form, form_errors=form.errors)


@blueprint.get("/<uuid:course_id>/reads")
@access("citizens.read")
def access_log(course_id: uuid.UUID) -> ResponseReturnValue:
    head = open_record(course_id)
    subjects = [head.citizen_id, *sections.list_traces(course_id)]
    reads = list_reads(subjects, limit=SHOWN_READS)
    rows: list[dict[str, Any]] = [
        {
            "when": moment(read.created_at),
            "text": gettext(
                "%(name)s read %(page)s",
                name=read.name or read.guest,
                page=sections.page_words(read.page),
            ),
            "reason": read.reason,
        }
        for read in reads
    ]
    citizen = queries.find_citizen(head.citizen_id)
    return render_template(
        "citizens/reads.html", head=head, citizen=citizen, rows=rows, full=len(rows) == SHOWN_READS
    )
