"""The helper asks: on the screen at hand, or by a link that opens on a phone of their own."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.types import utcnow
from hjelpa.web.forms import Form
from modules.citizens.gate import open_record
from modules.citizens.queries import Head, find_citizen
from modules.feedback.answering import commands, request_queries
from modules.feedback.answering.links import draw_code, send_link, write_address
from modules.feedback.answering.rules import last_day
from modules.feedback.answering.schemas import SendInput
from modules.feedback.answering.target import Target, course_url, open_target
from modules.feedback.models import ScaleRequest
from modules.feedback.scales.wording import say_ended
from modules.feedback.wording import TITLES
from tenants.guests.queries import find_country
from tenants.guests.rules import Address, read_address
from tenants.identity import screen
from tenants.messages.transports import can_send

blueprint = Blueprint("answering", __name__, url_prefix="/<tenant>/feedback", template_folder="../templates")


@blueprint.get("/conversations/<uuid:conversation_id>/ways")
@access("feedback.hand_over")
def ways(conversation_id: uuid.UUID) -> ResponseReturnValue:
    """The ways in which one form can be answered."""
    target = open_target(conversation_id, scale="outcome")
    ended = target.choose().ended
    return render_template(
        "feedback/answering/ways.html",
        target=target,
        instead=say_ended(ended) if ended else "",
        title=TITLES[target.place.scale].title,
        course_url=course_url(target.head.id),
    )


@blueprint.post("/conversations/<uuid:conversation_id>/hand-over")
@access("feedback.hand_over")
def hand_over(conversation_id: uuid.UUID) -> ResponseReturnValue:
    target = open_target(conversation_id)
    back = course_url(target.head.id)
    if not target.may_ask:
        return _too_late(target)
    token = commands.open_request(target.place, target.choose(), utcnow())
    return redirect(screen.hand_over(url_for("my_feedback.scale", token=token), back=back), 303)


@blueprint.post("/conversations/<uuid:conversation_id>/link")
@access("feedback.hand_over")
def make_link(conversation_id: uuid.UUID) -> ResponseReturnValue:
    target = open_target(conversation_id)
    if not target.may_ask:
        return _too_late(target)
    request_id = commands.open_link(target.place, target.choose(), utcnow())
    return redirect(url_for("answering.link", request_id=request_id), 303)


@blueprint.get("/links/<uuid:request_id>")
@access("feedback.hand_over")
def link(request_id: uuid.UUID) -> ResponseReturnValue:
    """The link to show, copy or send, for as long as it can be used."""
    asked, head = _open_link(request_id)
    return _link_page(asked, head, Form(SendInput, initial={"address": _own_phone(asked, head)}))


@blueprint.post("/links/<uuid:request_id>")
@access("feedback.hand_over")
def send(request_id: uuid.UUID) -> ResponseReturnValue:
    asked, head = _open_link(request_id)
    form = Form.read(SendInput, request.form)
    to = _read_address(form)
    if form.ok and not form.values["wished"]:
        form.refuse("wished", gettext("Ask first whether they want it sent there."))
    if not _is_alive(asked):
        return _link_page(asked, head, form), 409
    if not form.ok or to is None:
        return _link_page(asked, head, form), 422
    send_link(asked, to)
    # Without the address: what is flashed travels in a cookie.
    flash(gettext("The link is on its way."), "success")
    return redirect(course_url(head.id), 303)


def _open_link(request_id: uuid.UUID) -> tuple[ScaleRequest, Head]:
    asked = request_queries.find_link(request_id) or abort(404)
    return asked, open_record(asked.course_id)


def _is_alive(asked: ScaleRequest) -> bool:
    return asked.used_at is None and utcnow() < asked.expires_at


def _own_phone(asked: ScaleRequest, head: Head) -> str:
    """The citizen's number where it surely is their own: a child's is often a parent's."""
    citizen = find_citizen(head.citizen_id)
    return citizen.phone or "" if citizen.age_band == "adult" and asked.rater_id is None else ""


def _read_address(form: Form) -> Address | None:
    typed = form.values.get("address", "")
    to = read_address(typed, find_country()) if typed else None
    if typed and to is None:
        form.refuse("address", gettext("Write a phone number with eight digits, or an e-mail address"))
    if to is not None and not can_send(to.channel):
        form.refuse(
            "address", gettext("Nothing can be sent that way from here. Show the code on the screen instead.")
        )
    return to


def _link_page(asked: ScaleRequest, head: Head, form: Form) -> str:
    address, alive = write_address(asked.id), _is_alive(asked)
    return render_template(
        "feedback/answering/link.html",
        asked=asked,
        alive=alive,
        address=address,
        code=draw_code(address) if alive else "",
        until=last_day(asked.expires_at),
        title=TITLES[asked.scale].title,
        course_url=course_url(head.id),
        form=form,
        form_errors=form.errors,
    )


def _too_late(target: Target) -> ResponseReturnValue:
    if target.rater is None and target.around.declined_at:
        flash(gettext("The citizen would rather not be asked. Nothing was handed over."), "warning")
    else:
        flash(gettext("This scale can no longer be handed over for that conversation."), "warning")
    return redirect(course_url(target.head.id), 303)
