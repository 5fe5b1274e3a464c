"""Contacts that wait as something that colleagues answer for, and passing them on when one leaves."""

import uuid
from collections.abc import Collection, Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update

from hjelpa.core.database import db
from hjelpa.core.leaving import Holding, Leaving
from modules.contacts.models import Contact

_WAITS = Contact.first_conversation_at.is_(None)


def count_by_holder() -> Mapping[uuid.UUID, int]:
    held = select(Contact.membership_id, func.count()).where(_WAITS).group_by(Contact.membership_id)
    return {id: number for id, number in db.session.execute(held)}


def pass_on_contacts(leaving: Leaving) -> Collection[uuid.UUID]:
    """Each contact goes to whoever takes over at its own door."""
    theirs = (Contact.membership_id == leaving.membership_id) & _WAITS
    doors = db.session.scalars(select(Contact.unit_id).where(theirs).distinct()).all()
    heirs = {unit_id: leaving.heir_of(unit_id) for unit_id in doors}
    for unit_id, heir in heirs.items():
        given = update(Contact).where(theirs, Contact.unit_id == unit_id).values(membership_id=heir)
        db.session.execute(given.execution_options(synchronize_session=False))
    return set(heirs.values())


HOLDING = Holding(_l("Contacts that wait"), count_by_holder, pass_on_contacts)
