"""Ending a seat. Nothing here commits: that is the request's own act."""

import uuid
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from hjelpa.core.contract import NoticeKind
from hjelpa.core.database import db
from hjelpa.core.leaving import Leaving
from hjelpa.core.permissions import features
from tenants.colleagues.queries import list_heirs
from tenants.identity.models import Membership
from tenants.notices.queries import notify

TOOK_OVER = NoticeKind(
    "colleagues.took_over",
    _l("A colleague has left"),
    _l("%(name)s no longer works here. What was theirs is yours now"),
    "colleagues.index",
)


def end_seat(member_id: uuid.UUID, at: datetime) -> bool:
    """Ends a seat, and passes all that its holder answers for on to those who take over; they are told.

    All of it or nothing: raises NoHeir, with nothing changed, where there is nobody to take over. False when the seat
    had ended already.
    """
    # Whoever is just giving the leaver something waits here, or is waited for.
    held = select(Membership).where(Membership.id == member_id).with_for_update(key_share=True)
    member = db.session.scalars(held).one()
    if member.ended_at is not None:
        return False
    with db.session.begin_nested():
        for heir in _pass_on_everything(Leaving(member_id, at, *list_heirs(member_id))):
            notify(heir, TOOK_OVER, {"name": member.name}, {})
        member.ended_at = at
    return True


def _pass_on_everything(leaving: Leaving) -> set[uuid.UUID]:
    holdings = (holding for manifest in features().manifests for holding in manifest.holdings)
    return {heir for holding in holdings for heir in holding.pass_on(leaving)}
