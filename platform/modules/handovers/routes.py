"""Handovers inside the municipality: the list, the page of one, the answer, and taking the question back."""

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access, may
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.citizens.figures import this_year
from modules.citizens.gate import open_record
from modules.citizens.listing import page_address
from modules.citizens.paging import Page, page_number
from modules.handovers import commands, lists, locks, packages, queries, rules
from modules.handovers.blueprint import blueprint
from modules.handovers.listing import show_handovers, show_incoming
from modules.handovers.queries import Standing
from modules.handovers.schemas import RefusalInput
from modules.handovers.timeline import tell
from modules.handovers.wording import next_move, receiver_of, state_colour, state_words
from tenants.audit.queries import record_read

SHOWN_INCOMING = 50


@blueprint.get("")
@access("handovers.read")
def index() -> ResponseReturnValue:
    now, oversees = utcnow(), may("citizens.oversee")
    scope = lists.which(request.args.get("show"), oversees=oversees)
    number = page_number(request.args.get("page"))
    rows = lists.list_handovers(scope, get_seat().id, number, now=now, year=this_year())
    if not rows and number > 1:
        return redirect(url_for("handovers.index", show=scope), 303)
    waiting = scope == "answer" and may("handovers.accept")
    return render_template(
        "handovers/index.html",
        rows=show_handovers(rows, now),
        incoming=show_incoming(packages.list_waiting(now, limit=SHOWN_INCOMING)) if waiting else (),
        scope=scope,
        oversees=oversees,
        page=Page.of(number, rows),
        page_url=page_address("handovers.index", show=scope),
    )


@blueprint.get("/<uuid:handover_id>")
@access("handovers.read")
def show(handover_id: uuid.UUID) -> ResponseReturnValue:
    standing, now = _find(handover_id), utcnow()
    letter = queries.get_letter(handover_id, named=_open(standing))
    is_open, inside = standing.state == "open", standing.kind != "municipality"
    return render_template(
        "handovers/show.html",
        one=letter.Handover,
        letter=letter,
        whom=receiver_of(letter),
        state=state_words(standing.state, letter.Handover.due_at, now),
        colour=state_colour(standing.state, letter.Handover.due_at, now),
        next_move=next_move(letter, now),
        events=tell(letter),
        may_answer=is_open and inside and may("handovers.accept") and rules.may_answer(standing.party),
        may_withdraw=is_open and may("handovers.send") and rules.may_withdraw(standing.party),
        to_record=not (is_open and rules.may_read_letter(standing.party)),
    )


def _find(handover_id: uuid.UUID) -> Standing:
    found = queries.find_standing(handover_id, get_seat().id, utcnow(), oversees=may("citizens.oversee"))
    return found if found is not None else abort(404)


def _open(standing: Standing) -> bool:
    """Lets the reader read, and writes it to the log; whether they come by the circle, and not by being asked."""
    if standing.state == "open" and rules.may_read_letter(standing.party):
        record_read(standing.citizen_id)
        return False
    open_record(standing.course_id)
    return True


@blueprint.post("/<uuid:handover_id>/accept")
@access("handovers.accept")
def accept(handover_id: uuid.UUID) -> ResponseReturnValue:
    standing = _to_answer(handover_id)
    outcome = commands.accept(locks.lock(handover_id), get_seat(), utcnow())
    if outcome != "done":
        return _too_late(ended=outcome == "ended")
    flash(gettext("You are responsible now. The sender has been told."), "success")
    return redirect(url_for("citizens.course", course_id=standing.course_id), 303)


def _to_answer(handover_id: uuid.UUID) -> Standing:
    standing = _find(handover_id)
    if standing.kind == "municipality" or not rules.may_answer(standing.party):
        abort(403)
    return standing


def _too_late(*, ended: bool = False) -> ResponseReturnValue:
    said = gettext("This handover has been answered or taken back already. Nothing was changed.")
    if ended:
        said = gettext("The course has ended in the meantime, so there is nothing left to take over.")
    flash(said, "info")
    return redirect(url_for("handovers.index"), 303)


@blueprint.get("/<uuid:handover_id>/refuse")
@access("handovers.accept")
def refusal(handover_id: uuid.UUID) -> ResponseReturnValue:
    standing = _to_answer(handover_id)
    return _too_late() if standing.state != "open" else _refusal_page(handover_id, Form(RefusalInput))


@blueprint.post("/<uuid:handover_id>/refuse")
@access("handovers.accept")
def refuse(handover_id: uuid.UUID) -> ResponseReturnValue:
    _to_answer(handover_id)
    form = read_refusal()
    if not form.ok:
        return _refusal_page(handover_id, form), 422
    if commands.refuse(locks.lock(handover_id), get_seat(), form.values["reason"], utcnow()) != "done":
        return _too_late()
    flash(gettext("You have said no. Whoever was responsible still is, and reads your reason."), "success")
    return redirect(url_for("handovers.index"), 303)


def read_refusal() -> Form:
    form = Form.read(RefusalInput, request.form)
    if form.ok and not rules.is_reason(form.values["reason"]):
        form.refuse("reason", gettext("Write a few words more, so that the sender can find another way"))
    return form


def _refusal_page(handover_id: uuid.UUID, form: Form) -> str:
    back = url_for("handovers.show", handover_id=handover_id)
    action = url_for("handovers.refuse", handover_id=handover_id)
    return render_template("handovers/refuse.html", form=form, form_errors=form.errors, back=back, action=action)


@blueprint.post("/<uuid:handover_id>/withdraw")
@access("handovers.send")
def withdraw(handover_id: uuid.UUID) -> ResponseReturnValue:
    standing = _find(handover_id)
    if not rules.may_withdraw(standing.party):
        abort(403)
    if commands.withdraw(locks.lock(handover_id), get_seat(), utcnow()) != "done":
        return _too_late()
    flash(gettext("The handover is withdrawn. Whoever was responsible still is."), "success")
    return redirect(url_for("citizens.course", course_id=standing.course_id), 303)
