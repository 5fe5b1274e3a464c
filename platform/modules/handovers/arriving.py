"""What other municipalities ask of us: reading what came, receiving somebody, or saying no."""

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.citizens import known
from modules.citizens.queries import AnyRow
from modules.citizens.schemas import AGES
from modules.handovers import exchange, packages
from modules.handovers.blueprint import blueprint
from modules.handovers.models import Transfer
from modules.handovers.routes import read_refusal
from modules.handovers.schemas import RefusalInput, receiving
from modules.handovers.sealing import Package, Unreadable
from modules.handovers.wording import arrival_words
from tenants.audit.queries import record_read
from tenants.identity.members import list_members


@blueprint.get("/incoming/<uuid:transfer_id>")
@access("handovers.accept")
def incoming(transfer_id: uuid.UUID) -> ResponseReturnValue:
    found = _find(transfer_id)
    package = _read(found.Transfer)
    return render_template(
        "handovers/incoming.html",
        transfer=found.Transfer,
        municipality=found.municipality,
        course_id=found.course_id,
        package=package,
        age=AGES[package.age_band] if package and package.age_band else None,
        waits=_waits(found.Transfer),
        state=arrival_words(found.Transfer, utcnow()),
    )


def _find(transfer_id: uuid.UUID) -> AnyRow:
    found = packages.find_incoming(transfer_id)
    return found if found is not None else abort(404)


def _waits(transfer: Transfer) -> bool:
    return transfer.state == "sent" and transfer.expires_at > utcnow()


def _read(transfer: Transfer) -> Package | None:
    """What the package says, once it is written down who reads it; None when it is empty or cannot be opened."""
    if not _waits(transfer):
        return None
    record_read(transfer.id, kind="contact")
    try:
        return exchange.unpack(transfer)
    except Unreadable:
        return None


@blueprint.get("/incoming/<uuid:transfer_id>/accept")
@access("handovers.accept")
def reception(transfer_id: uuid.UUID) -> ResponseReturnValue:
    found = _find(transfer_id)
    package = _read(found.Transfer)
    if package is None:
        return redirect(url_for("handovers.incoming", transfer_id=transfer_id), 303)
    told = {"name": package.name, "phone": package.phone, "age_band": package.age_band}
    offered = known.offer(get_seat().id, (package.name,), (package.phone,))
    schema = known.asking(receiving(_helpers()), offered)
    return _reception_page(found, Form(schema, initial={**told, "helper": str(get_seat().id)}))


@blueprint.post("/incoming/<uuid:transfer_id>/accept")
@access("handovers.accept")
def receive(transfer_id: uuid.UUID) -> ResponseReturnValue:
    found = _find(transfer_id)
    if found.course_id is not None:
        return redirect(url_for("citizens.course", course_id=found.course_id), 303)
    package = _read(found.Transfer)
    if package is None:
        return _too_late(transfer_id)
    form = _read_reception(package)
    if not form.ok:
        return _reception_page(found, form), 422
    helper_id = uuid.UUID(form.values["helper"])
    who = {name: form.values[name] for name in ("name", "phone", "age_band")}
    citizen_id = known.chosen_in(form)
    course_id = exchange.accept(
        transfer_id, who, get_seat(), helper_id=helper_id, at=utcnow(), citizen_id=citizen_id
    )
    if course_id is None:
        return _too_late(transfer_id)
    flash(
        gettext("Received. %(name)s hears that somebody here is responsible now.", name=found.municipality),
        "success",
    )
    if helper_id != get_seat().id:
        return redirect(url_for("handovers.index"), 303)
    return redirect(url_for("citizens.course", course_id=course_id), 303)


def _read_reception(package: Package) -> Form:
    """What was sent; somebody the receiver may know by the told or the typed name or number must be chosen or not."""
    sent = request.form
    names, phones = (package.name, sent.get("name", "")), (package.phone, sent.get("phone", ""))
    offered = known.offer(get_seat().id, names, phones)
    return Form.read(known.asking(receiving(_helpers()), offered, chosen=sent.get("known", "")), sent)


def _helpers() -> dict[str, str]:
    """Colleagues who may be made responsible."""
    return {str(member.id): member.name for member in list_members() if member.roles & {"helper", "leader"}}


def _reception_page(found: AnyRow, form: Form) -> str:
    return render_template(
        "handovers/receive.html",
        transfer=found.Transfer,
        municipality=found.municipality,
        form=form,
        form_errors=form.errors,
    )


def _too_late(transfer_id: uuid.UUID) -> ResponseReturnValue:
    flash(gettext("This handover has been answered or taken back already. Nothing was changed."), "info")
    return redirect(url_for("handovers.incoming", transfer_id=transfer_id), 303)


@blueprint.get("/incoming/<uuid:transfer_id>/refuse")
@access("handovers.accept")
def rejection(transfer_id: uuid.UUID) -> ResponseReturnValue:
    found = _find(transfer_id)
    return _rejection_page(transfer_id, Form(RefusalInput)) if _waits(found.Transfer) else _too_late(transfer_id)


@blueprint.post("/incoming/<uuid:transfer_id>/refuse")
@access("handovers.accept")
def reject(transfer_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _find(transfer_id), read_refusal()
    if not form.ok:
        return _rejection_page(transfer_id, form), 422
    if not exchange.refuse(transfer_id, get_seat(), form.values["reason"], utcnow()):
        return _too_late(transfer_id)
    flash(
        gettext("You have said no. What came from %(name)s is deleted here.", name=found.municipality), "success"
    )
    return redirect(url_for("handovers.index"), 303)


def _rejection_page(transfer_id: uuid.UUID, form: Form) -> str:
    back = url_for("handovers.incoming", transfer_id=transfer_id)
    action = url_for("handovers.reject", transfer_id=transfer_id)
    return render_template("handovers/refuse.html", form=form, form_errors=form.errors, back=back, action=action)
