"""Finding citizens by name or telephone number, within the reader's circle alone."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from hjelpa.core.database import db
from hjelpa.core.types import utcnow
from modules.citizens.models import Citizen, Conversation, Course
from modules.citizens.queries import CITIZEN, AnyRow, in_circle


def search_circle(words: str, reader: uuid.UUID, *, limit: int) -> Sequence[AnyRow]:
    """Citizens of the reader's circle by name or telephone number, each with the latest course."""
    digits = words.replace(" ", "")
    found = Citizen.name.icontains(words, autoescape=True)
    if digits.lstrip("+").isdecimal():
        found = or_(found, func.replace(Citizen.phone, " ", "").contains(digits, autoescape=True))
    query = (
        select(Citizen.id, Citizen.name, Course.id.label("course_id"), Course.opened_at, Course.closed_at)
        .join(Course, and_(Course.tenant_id == Citizen.tenant_id, Course.citizen_id == Citizen.id))
        .where(found, in_circle(Citizen.id, reader, utcnow()))
        .ext(distinct_on(Citizen.name, Citizen.id))
        .order_by(Citizen.name, Citizen.id, Course.opened_at.desc())
        .limit(limit)
    )
    return db.session.execute(query).all()


def list_known(
    names: Collection[str], phones: Collection[str], reader: uuid.UUID, *, limit: int
) -> Sequence[AnyRow]:
    """Citizens of the reader's circle with one of these names or telephone numbers, whoever was met last on top.

    Nobody outside the circle is ever among them: that somebody gets help is nothing to guess at by a name.
    """
    same = [func.lower(func.trim(Citizen.name)) == func.lower(name.strip()) for name in names if name.strip()]
    digits = [number for phone in phones if (number := phone.replace(" ", ""))]
    same += [func.replace(Citizen.phone, " ", "") == number for number in digits]
    if not same:
        return ()
    met_at = func.coalesce(func.max(Conversation.held_at), func.max(Course.opened_at))
    talks = and_(Conversation.tenant_id == Course.tenant_id, Conversation.course_id == Course.id)
    query = (
        select(Citizen.id, Citizen.name, met_at.label("met_at"))
        .join(Course, CITIZEN)
        .outerjoin(Conversation, talks)
        .where(or_(*same), in_circle(Citizen.id, reader, utcnow()))
        .group_by(Citizen.id, Citizen.name)
        .order_by(met_at.desc(), Citizen.id)
        .limit(limit)
    )
    return db.session.execute(query).all()
