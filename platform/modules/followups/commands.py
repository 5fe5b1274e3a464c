"""What opens, adds to and ends follow-ups. Nothing here commits."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from hjelpa.core.contract import NoticeKind
from hjelpa.core.database import db
from hjelpa.core.events import Dissatisfaction, FollowedUp, publish
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from hjelpa.core.visitor import find_seat
from hjelpa.web.i18n import moment
from modules.citizens.commands import add_conversation, is_received, keep_open
from modules.citizens.models import Conversation
from modules.followups.models import FollowUp, Signal
from modules.followups.queries import list_holders
from modules.followups.rules import SAME_SIGN, due_after
from tenants.guests.queries import find_country
from tenants.notices.queries import notify

OPENED = NoticeKind(
    "followups.opened",
    _l("Somebody needs a call soon"),
    _l("Somebody you answer for is not helped well enough. Call before %(due)s"),
    "followups.show",
)
TIME_PASSED = NoticeKind(
    "followups.time_passed",
    _l("Nobody has called in time"),
    _l("The time for a follow-up passed at %(due)s, and no conversation has been held"),
    "followups.show",
)
AFTER_THE_END = NoticeKind(
    "followups.after_the_end",
    _l("Not satisfied after the end"),
    _l("Somebody whose course you held until it ended was not satisfied. Think about calling"),
    "citizens.course",
)


def hear(sign: Dissatisfaction) -> None:
    """Opens a follow-up, or adds to the one that is open; of a course that has ended, whoever held it is told."""
    if not keep_open(sign.course_id):
        _tell(sign.course_id, AFTER_THE_END, {}, {"course_id": sign.course_id})
        return
    due_at = due_after(sign.noticed_at, find_country())
    opened = _open(sign, due_at)
    followup_id = opened or _find_open(sign.course_id) or _open(sign, due_at)
    if followup_id is None or (opened is None and _is_repeat(followup_id, sign)):
        return
    row = {"id": new_id(), "tenant_id": get_tenant_id(), "kind": sign.kind, "noticed_at": sign.noticed_at}
    db.session.execute(insert(Signal).values(followup_id=followup_id, **row))
    if opened is not None:
        _tell(sign.course_id, OPENED, {"due": moment(due_at)}, {"followup_id": followup_id})


def _open(sign: Dissatisfaction, due_at: datetime) -> uuid.UUID | None:
    """The new follow-up's id; None where one is open. Of two signs at once, one waits for the other here."""
    row = {
        "tenant_id": get_tenant_id(),
        "id": new_id(),
        "course_id": sign.course_id,
        "opened_at": sign.noticed_at,
        "due_at": due_at,
    }
    added = (
        insert_or_not(FollowUp)
        .values(row)
        .on_conflict_do_nothing(
            index_elements=["tenant_id", "course_id"], index_where=FollowUp.closed_at.is_(None)
        )
        .returning(FollowUp.id)
    )
    return db.session.execute(added).scalar_one_or_none()


def _find_open(course_id: uuid.UUID) -> uuid.UUID | None:
    """The open follow-up, held open until the request ends; None when it has just been ended."""
    open_one = select(FollowUp.id).where(FollowUp.course_id == course_id, FollowUp.closed_at.is_(None))
    return db.session.execute(open_one.with_for_update()).scalar_one_or_none()


def _is_repeat(followup_id: uuid.UUID, sign: Dissatisfaction) -> bool:
    same = exists().where(
        Signal.followup_id == followup_id,
        Signal.kind == sign.kind,
        Signal.noticed_at > sign.noticed_at - SAME_SIGN,
    )
    return bool(db.session.scalar(select(same)))


def _tell(
    course_id: uuid.UUID, kind: NoticeKind, values: Mapping[str, Any], address: Mapping[str, uuid.UUID]
) -> None:
    """Tells those who answer for the course, but nobody of what they have just written themselves."""
    seat = find_seat()
    for membership_id in list_holders(course_id):
        if seat is None or seat.id != membership_id:
            notify(membership_id, kind, values, address)


def lock(followup_id: uuid.UUID) -> FollowUp:
    """The follow-up, held until the request ends, so that two people cannot end it at once."""
    return db.session.scalars(select(FollowUp).where(FollowUp.id == followup_id).with_for_update()).one()


def close(
    followup: FollowUp,
    values: Mapping[str, Any],
    *,
    helper_id: uuid.UUID,
    now: datetime,
    held_at: datetime,
    next_step_at: datetime,
) -> None:
    """Ends a locked follow-up with a conversation of the course, in which the next step was agreed."""
    conversation_id = new_id()
    said = _said(values)
    add_conversation(
        followup.course_id,
        key=conversation_id,
        helper_id=helper_id,
        at=held_at,
        next_step_at=next_step_at,
        **said,
    )
    followup.closed_at, followup.conversation_id = now, conversation_id
    publish(FollowedUp(followup.course_id, conversation_id, now))


def _said(values: Mapping[str, Any]) -> dict[str, str]:
    return {"matters": values["words"], "happened": "", "next_step": values["next_step"]}


def is_closed_by(followup: FollowUp, values: Mapping[str, Any]) -> bool:
    """Whether these very words are what ended the follow-up: the same form sent twice."""
    if followup.conversation_id is None:
        return False
    said = {"course_id": followup.course_id, **_said(values)}
    return is_received(Conversation, followup.conversation_id, said)
