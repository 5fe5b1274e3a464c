"""The public door: anyone asks for help, without signing in and without being sorted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l
from flask_limiter.errors import RateLimitExceeded

from hjelpa.core.limits import limiter
from hjelpa.core.permissions import public
from hjelpa.core.types import new_id, utcnow
from hjelpa.web.forms import Form
from hjelpa.web.i18n import Dates, moment
from hjelpa.web.receipts import give_receipt
from modules.contacts import commands
from modules.contacts.asking import CallMeInput, WriteInput, read_asked
from modules.contacts.emergency import numbers_in
from modules.contacts.schemas import AGE_GROUPS
from modules.contacts.ticket import Sender, Ticket, judge, read_ticket, write_ticket
from tenants.units.models import Unit
from tenants.units.queries import list_units

blueprint = Blueprint("ask", __name__, url_prefix="/<tenant>/ask", template_folder="templates")

# A field that people neither see nor hear of. Programs fill it, and so may what fills in forms for a person: the form
# is shown again with everything typed, which gains a program nothing and loses nobody's words.
TRAP = "leave_empty"
PROMISED = "asked_answer_by"

_AGAIN: dict[Sender, LazyString] = {
    "program": _l(
        "This was not sent: something has filled in a field that nobody is meant to see. Please send it once more."
    ),
    "quick": _l("That went very fast. Please look it over and send it once more."),
    "stale": _l("This page has been open for a long time. Please send it once more."),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A way in that has a form: what it asks, and the names of its page and of what receives it."""

    channel: str
    schema: type[WriteInput | CallMeInput]
    page: str
    receiver: str


WRITE = Way("write", WriteInput, "ask.write", "ask.send_message")
CALL_ME = Way("call_me", CallMeInput, "ask.call_me", "ask.send_number")


@blueprint.get("")
@public
def index() -> ResponseReturnValue:
    units = list_units()
    doors = [unit for unit in units if unit.open]
    if len(doors) == 1:
        return _page("door", unit=doors[0], alone=True)
    if doors:
        ordered = sorted(doors, key=lambda unit: (unit.area, unit.age_group, unit.name))
        return _page("choose", doors=ordered, age_groups=AGE_GROUPS)
    return _page("closed", units=units)


@blueprint.get("/<unit>")
@public
def door(unit: str) -> ResponseReturnValue:
    doors = list_units()
    found = _find(doors, unit)
    alone = sum(each.open for each in doors) == 1
    return _page("door", unit=found, alone=alone) if found.open else _page("closed", units=[found])


@blueprint.get("/<unit>/write")
@public
def write(unit: str) -> ResponseReturnValue:
    return _show(unit, WRITE)


@blueprint.post("/<unit>/write")
@public
def send_message(unit: str) -> ResponseReturnValue:
    return _receive(unit, WRITE)


@blueprint.get("/<unit>/call-me")
@public
def call_me(unit: str) -> ResponseReturnValue:
    return _show(unit, CALL_ME)


@blueprint.post("/<unit>/call-me")
@public
def send_number(unit: str) -> ResponseReturnValue:
    return _receive(unit, CALL_ME)


@blueprint.get("/<unit>/received")
@public
def received(unit: str) -> ResponseReturnValue:
    """The receipt. What was written is not in it, nor in its address: a telephone may be many people's."""
    found = _find(list_units(), unit)
    promised = session.get(PROMISED)
    when = moment(datetime.fromisoformat(promised)) if isinstance(promised, str) else None
    return _page("received", unit=found, when=when)


def _find(units: Sequence[Unit], slug: str) -> Unit:
    return next((unit for unit in units if unit.slug == slug), None) or abort(404)


def _show(slug: str, way: Way) -> ResponseReturnValue:
    unit = _find(list_units(), slug)
    if not unit.open:
        return _page("closed", units=[unit])
    return _form_page(unit, way, Form(way.schema, initial={"made_by": "self", "ticket": _new_ticket()}))


def _receive(slug: str, way: Way) -> ResponseReturnValue:
    unit = _find(list_units(), slug)
    form, now = Form.read(way.schema, request.form), utcnow()
    ticket = read_ticket(_secret(), form.value("ticket"))
    sender = judge(ticket, form.value(TRAP), now)
    if _is_too_many():
        form.refuse(
            "", gettext("A lot has been sent from here just now. Wait a minute and send it again, or call us.")
        )
        return _form_page(unit, way, form), 429
    reach = read_asked(way.schema, form)
    if sender in _AGAIN or ticket is None:
        form.refuse("", _AGAIN[sender])
    if not form.ok or ticket is None:
        return _form_page(unit, way, form, renewed=ticket is None or sender == "stale"), 422
    receive = partial(commands.receive, key=ticket.key, unit=unit, channel=way.channel, now=now)
    if not (unit.open and receive(form.values, reach, told=_in_their_language(commands.answer_by(unit, now)))):
        return _page("closed", units=[unit], form=form), 409
    return _thank(unit, now)


@limiter.shared_limit("20 per minute; 200 per hour", scope="contacts.ask")
def _count_sending() -> None:
    """One more form from this place; raises when there have been too many."""


def _is_too_many() -> bool:
    try:
        _count_sending()
    except RateLimitExceeded:
        return True
    return False


def _thank(unit: Unit, now: datetime) -> ResponseReturnValue:
    give_receipt()
    session[PROMISED] = commands.answer_by(unit, now).isoformat()
    return redirect(_address("ask.received", unit=unit.slug), 303)


def _in_their_language(promised: datetime) -> str:
    """The moment as those on duty write it; whoever asks may read another language."""
    return Dates(norwegian=g.municipality.language != "en").moment(promised)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _new_ticket() -> str:
    return write_ticket(_secret(), Ticket(new_id(), utcnow()))


def _form_page(unit: Unit, way: Way, form: Form, *, renewed: bool = False) -> str:
    ticket = _new_ticket() if renewed else form.value("ticket")
    there = _address(way.receiver, unit=unit.slug)
    return _page(way.channel, unit=unit, form=form, form_errors=form.errors, ticket=ticket, trap=TRAP, there=there)


def _page(name: str, **values: Any) -> str:
    return render_template(
        f"contacts/ask_{name}.html",
        service=g.municipality.service,
        numbers=numbers_in(g.municipality.country),
        to=_address,
        **values,
    )


def _address(endpoint: str, **values: Any) -> str:
    """Keeps the language that was chosen on the page: whoever asks has no account to remember it."""
    return url_for(endpoint, **values, lang=request.args.get("lang"))
