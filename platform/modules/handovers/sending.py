"""Handing a course over: whom to ask, and the form."""

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access, may
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from hjelpa.web.i18n import moment
from modules.citizens.gate import open_record
from modules.citizens.queries import Head, find_citizen
from modules.handovers import commands, exchange, locks, proposing
from modules.handovers.blueprint import blueprint
from modules.handovers.carried import pack
from modules.handovers.proposing import Asked
from modules.handovers.rules import needs_consent
from modules.handovers.schemas import KINDS
from tenants.identity.members import keep_seated


@blueprint.get("/new/<uuid:course_id>")
@access("handovers.send")
def choose(course_id: uuid.UUID) -> ResponseReturnValue:
    head = _open_to_send(course_id)
    return _has_ended(head) if head.closed_at else _page("handovers/choose.html", head, kinds=KINDS)


@blueprint.get("/new/<uuid:course_id>/<kind>")
@access("handovers.send")
def new(course_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    head = _open_to_send(course_id)
    if kind not in KINDS:
        abort(404)
    asked = proposing.list_asked(kind, head)
    return _has_ended(head) if head.closed_at else _form_page(head, asked, proposing.empty(asked, utcnow()))


@blueprint.post("/new/<uuid:course_id>/<kind>")
@access("handovers.send")
def create(course_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    head = _open_to_send(course_id)
    if kind not in KINDS:
        abort(404)
    now, asked = utcnow(), proposing.list_asked(kind, head)
    form, values = proposing.read(asked, request.form, now)
    if not form.ok:
        return _form_page(head, asked, form), 422
    if not locks.hold_open(course_id):
        return _form_page(head, asked, form, ended=True), 409
    if values["receiver_id"] and not keep_seated(values["receiver_id"]):
        form.refuse("whom", gettext("They have left meanwhile. Choose somebody else."))
        return _form_page(head, asked, form), 422
    key = form.values["key"]
    handover_id, made = commands.propose(course_id, values, get_seat(), key=key, at=now)
    if not made and not commands.is_proposed(handover_id, course_id, values):
        return _form_page(head, asked, form, other=handover_id), 409
    if made:
        _hand_in(head, handover_id, values, whom=asked.whom[form.values["whom"]])
    flash(
        gettext(
            "You have asked. You are responsible until somebody has accepted, at the latest %(when)s.",
            when=moment(values["due_at"]),
        ),
        "success",
    )
    return redirect(url_for("handovers.show", handover_id=handover_id), 303)


def _hand_in(head: Head, handover_id: uuid.UUID, values: dict[str, Any], *, whom: str) -> None:
    """Tells whoever is asked, or puts the package where the other municipality finds it."""
    now = utcnow()
    if values["municipality_id"] is None:
        commands.tell_asked(handover_id, values, get_seat(), receiver=whom, at=now)
        return
    said = {name: values[name] for name in ("summary", "wishes")}
    package = pack(head.id, head.citizen_id, values["agreed_parts"], **said)
    exchange.send(handover_id, values["municipality_id"], package, at=now, due_at=values["due_at"])


def _open_to_send(course_id: uuid.UUID) -> Head:
    """The course, for whoever answers for it and for the leader."""
    head = open_record(course_id)
    mine = any(turn.membership_id == get_seat().id for turn in head.responsible)
    return head if mine or may("citizens.oversee") else abort(403)


def _has_ended(head: Head) -> ResponseReturnValue:
    flash(gettext("This course has ended. Nothing was changed."), "info")
    return redirect(url_for("citizens.course", course_id=head.id), 303)


def _form_page(
    head: Head, asked: Asked, form: Form, *, ended: bool = False, other: uuid.UUID | None = None
) -> str:
    """The form; `ended` or `other` when the course ended, or got another handover, while this one was written."""
    return _page(
        "handovers/new.html",
        head,
        kind=asked.kind,
        kind_title=KINDS[asked.kind],
        nobody=not asked.whom,
        needs_consent=needs_consent(asked.kind),
        form=form,
        form_errors=ended or other or form.errors,
        ended=ended,
        other=other,
    )


def _page(template: str, head: Head, **values: Any) -> str:
    return render_template(template, head=head, citizen=find_citizen(head.citizen_id), **values)
