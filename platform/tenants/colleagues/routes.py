"""Who works here, what each answers for, and ending a seat."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.leaving import NoHeir
from hjelpa.core.permissions import access
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from tenants.colleagues import commands, queries
from tenants.identity.members import Member
from tenants.units.queries import names_by_id

blueprint = Blueprint("colleagues", __name__, url_prefix="/<tenant>/settings/people", template_folder="templates")


@blueprint.get("")
@access("colleagues.read")
def index() -> ResponseReturnValue:
    holdings = queries.list_holdings()
    return render_template(
        "colleagues/index.html", holdings=holdings, rows=queries.list_colleagues(holdings), own_id=get_seat().id
    )


@blueprint.get("/<uuid:member_id>/leave")
@access("colleagues.end")
def leaving(member_id: uuid.UUID) -> ResponseReturnValue:
    return _confirm(member_id)


@blueprint.post("/<uuid:member_id>/leave")
@access("colleagues.end")
def leave(member_id: uuid.UUID) -> ResponseReturnValue:
    member, _ = _find(member_id)
    if member_id == get_seat().id:
        return _confirm(member_id, gettext("You cannot end your own access. Ask a colleague to do it.")), 422
    try:
        commands.end_seat(member_id, utcnow())
    except NoHeir as missing:
        return _confirm(member_id, _refusal(missing)), 422
    flash(
        gettext("%(name)s no longer has access. All that was theirs has passed on.", name=member.name), "success"
    )
    return redirect(url_for("colleagues.index"), 303)


def _refusal(missing: NoHeir) -> str:
    door = names_by_id().get(missing.unit_id) if missing.unit_id else None
    if door is None:
        return gettext("There is no door whose leader could take over. Choose a leader for a door first.")
    return gettext(
        "Nobody can take over at %(door)s, and nobody is let go of. Choose another leader for the door first.",
        door=door,
    )


def _find(member_id: uuid.UUID) -> tuple[Member, list[tuple[object, int]]]:
    """A colleague and how many of each kind of thing they answer for; ends the request where there is no such."""
    holdings = queries.list_holdings()
    for member, counts in queries.list_colleagues(holdings):
        if member.id == member_id:
            return member, list(zip((holding.title for holding in holdings), counts, strict=True))
    abort(404)


def _confirm(member_id: uuid.UUID, refusal: str = "") -> str:
    member, held = _find(member_id)
    return render_template(
        "colleagues/leave.html",
        member=member,
        held=held,
        takeovers=queries.list_takeovers(member_id),
        refusal=refusal,
    )
