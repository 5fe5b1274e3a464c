"""The plan on the citizen's first page: the next agreed step, the goals, and the way to all of it."""

from flask import current_app, url_for
from flask_babel import gettext
from markupsafe import Markup

from hjelpa.core.visitor import get_guest
from modules.plans.own_place import author_of, say_closed
from modules.plans.queries import list_agreements, summarise
from modules.plans.sharing_queries import find_own, find_plan_id, find_share_of
from modules.plans.views import today
from modules.plans.wording import say_due


def render() -> Markup:
    """The part for the guest of this request, whose page has written the read down."""
    guest = get_guest()
    if guest.relation == "service" and find_share_of(guest.id) is None:
        return Markup("")
    closed = guest.relation != "service" and find_own(guest.citizen_id).closed
    summary = None if guest.relation == "service" else summarise(guest.citizen_id)
    part = current_app.jinja_env.get_template("plans/own_section.html").render(
        url=url_for("own_plan.shared" if guest.relation == "service" else "own_plan.show"),
        shared=guest.relation == "service",
        summary=summary,
        closed=say_closed() if closed else "",
        # An adult's own goals are shown to that adult on the plan's own page, and to no other adult.
        goals=summary.goals if summary and guest.relation == "self" else (),
        next=_next_step() if summary else None,
        due=say_due(summary.evaluate_on, today()) if summary else "",
        none_yet=gettext("There is no plan yet."),
    )
    return Markup(part)  # noqa: S704  # our own template, which escapes


def _next_step() -> object:
    """The next thing agreed in the plan that is not done."""
    guest = get_guest()
    agreed = list_agreements(find_plan_id(guest.citizen_id), author_of(guest))
    return next((one for one in agreed if one.done_at is None), None)
