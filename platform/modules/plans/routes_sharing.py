"""Sharing on the citizen's own pages, and the shared plan as a colleague at another door reads it."""

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access, own
from hjelpa.core.types import new_id
from hjelpa.core.versions import version_of
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.plans import queries, sharing, sharing_queries
from modules.plans.access import withdraw_access
from modules.plans.own_place import open_own_plan
from modules.plans.place import Opened
from modules.plans.reaching import find_hindrance, refuse_taken, refuse_unreachable
from modules.plans.routes import blueprint
from modules.plans.routes_own import own_plan as own_plan
from modules.plans.routes_own import read_shared
from modules.plans.rules import may_decide_access, who_decides
from modules.plans.sharing_models import Share
from modules.plans.sharing_schemas import OutsideInput, PartsInput
from modules.plans.views import form_page, page, today
from tenants.audit.queries import record_read
from tenants.units import queries as units

SHOWN = 100


@own_plan.get("/sharing", endpoint="sharing")
@own
def show_sharing() -> ResponseReturnValue:
    opened = open_own_plan()
    shares = sharing_queries.list_shares(opened.plan.id)
    may_share = _may_share(opened)
    by_unit = {share.unit_id: share for share in shares if share.unit_id is not None}
    return page(
        opened,
        "sharing",
        units=[(unit, by_unit.get(unit.id)) for unit in units.list_units()],
        outside=[share for share in shares if share.unit_id is None],
        ended=sharing_queries.list_ended_outside(opened.plan.id) if may_share else (),
        titles={share.id: sharing.say_parts(share.held_back) for share in shares},
        may_share=may_share,
        adults=sharing_queries.list_adults_in(opened.plan.id),
        may_withdraw=_may_withdraw(opened),
    )


@own_plan.post("/sharing/units/<uuid:unit_id>")
@own
def switch(unit_id: uuid.UUID) -> ResponseReturnValue:
    """The one switch of a service: on, or off at once."""
    opened = _open_to_share()
    unit = units.find(unit_id) or abort(404)
    if request.form.get("on") == "1":
        sharing.share_with_unit(opened.plan, unit, opened.author)
        flash(gettext("%(name)s can read your plan now.", name=unit.name), "success")
    else:
        for share in sharing_queries.list_shares(opened.plan.id):
            if share.unit_id == unit_id:
                sharing.take_back(share, opened.author)
        flash(gettext("%(name)s can no longer read your plan.", name=unit.name), "success")
    return _to_sharing()


@own_plan.post("/sharing/adults/<uuid:adult_id>/withdraw")
@own
def withdraw_adult(adult_id: uuid.UUID) -> ResponseReturnValue:
    """The young person who decides ends an adult's access, also in a plan that is closed here."""
    opened = open_own_plan()
    adult = queries.find_adult(opened.plan.id, adult_id) or abort(404)
    if not _may_withdraw(opened):
        abort(403)
    withdraw_access(adult, opened.author)
    flash(gettext("The access has ended. What was written stays in the plan."), "success")
    return _to_sharing()


@own_plan.get("/sharing/new")
@own
def outside() -> ResponseReturnValue:
    return form_page(_open_to_share(), "share_outside", Form(OutsideInput, initial={"key": new_id()}))


@own_plan.post("/sharing/new")
@own
def share_outside() -> ResponseReturnValue:
    opened, form = _open_to_share(), Form.read(OutsideInput, request.form)
    to = refuse_unreachable(form, "address")
    refuse_taken(form, "address", to, opened.plan.citizen_id, relation="service")
    if not form.ok or to is None:
        return form_page(opened, "share_outside", form)
    name = form.values["name"]
    sharing.share_outside(opened.plan, opened.author, name=name, to=to, key=form.values["key"])
    flash(gettext("%(name)s can read your plan now, and has been written to.", name=name), "success")
    return _to_sharing()


@own_plan.post("/sharing/<uuid:share_id>/again")
@own
def share_again(share_id: uuid.UUID) -> ResponseReturnValue:
    """The switch of a service outside that could read before: on again."""
    opened = _open_to_share()
    found = sharing_queries.find_outside(opened.plan.id, share_id) or abort(404)
    ended, to = found
    hindrance = find_hindrance(to, opened.plan.citizen_id, relation="service")
    if hindrance is not None:
        flash(hindrance, "warning")
        return _to_sharing()
    sharing.share_again(opened.plan, opened.author, ended, to)
    flash(gettext("%(name)s can read your plan now, and has been written to.", name=ended.name), "success")
    return _to_sharing()


@own_plan.get("/sharing/<uuid:share_id>")
@own
def parts(share_id: uuid.UUID) -> ResponseReturnValue:
    opened = _open_to_share()
    share = _find(opened, share_id)
    begun = {"held_back": share.held_back, "version": version_of(*share.held_back)}
    return form_page(opened, "share_parts", Form(PartsInput, initial=begun), share=share)


@own_plan.post("/sharing/<uuid:share_id>")
@own
def save_parts(share_id: uuid.UUID) -> ResponseReturnValue:
    opened = _open_to_share()
    share, form, met = _find(opened, share_id), Form.read(PartsInput, request.form), None
    if form.ok:
        said, version = form.values["held_back"], form.values["version"]
        met = sharing.hold_back(share, opened.author, said, sent_version=version)
    if met is not None or not form.ok:
        return form_page(opened, "share_parts", form, conflict=met, share=share)
    flash(gettext("Saved. It holds from the next time somebody opens the plan."), "success")
    return _to_sharing()


@own_plan.post("/sharing/<uuid:share_id>/end")
@own
def end_sharing(share_id: uuid.UUID) -> ResponseReturnValue:
    opened = _open_to_share()
    share = _find(opened, share_id)
    sharing.take_back(share, opened.author)
    flash(gettext("%(name)s can no longer read your plan.", name=share.name), "success")
    return _to_sharing()


def _open_to_share() -> Opened:
    opened = open_own_plan()
    return opened if _may_share(opened) else abort(403)


def _may_share(opened: Opened) -> bool:
    return opened.place.may_change and sharing.may_share(opened.plan, opened.author)


def _may_withdraw(opened: Opened) -> bool:
    if opened.author.kind != "citizen":
        return False
    decider = who_decides(queries.find_deciding_age(), opened.plan.birth_year, today())
    return may_decide_access(decider, opened.author)


def _find(opened: Opened, share_id: uuid.UUID) -> Share:
    return sharing_queries.find_share(opened.plan.id, share_id) or abort(404)


def _to_sharing() -> ResponseReturnValue:
    return redirect(url_for("own_plan.sharing"), 303)


@blueprint.get("/shared")
@access("plans.read")
def shared() -> ResponseReturnValue:
    """Plans that citizens share with a door where the colleague of this request works."""
    return render_template(
        "plans/shared_list.html", rows=sharing_queries.list_shared_with(get_seat().id, limit=SHOWN)
    )


@blueprint.get("/shared/<uuid:share_id>")
@access("plans.read")
def read(share_id: uuid.UUID) -> ResponseReturnValue:
    """One of them, without what is held back; asked for anew each time, so that withdrawing works at once."""
    found = sharing_queries.find_shared(share_id, get_seat().id) or abort(404)
    share, plan, whose = found
    record_read(plan.citizen_id)
    crumbs = [(gettext("Shared plans"), url_for("plans.shared"))]
    shown = read_shared(plan, share.held_back)
    return render_template("plans/shared.html", page_frame="workspace.html", crumbs=crumbs, whose=whose, **shown)
