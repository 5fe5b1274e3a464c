"""By night: administrators are told of a licence that ends within 30 days. Once for each licence."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.dialects.postgresql import distinct_on

from hjelpa.core.contract import Job, Schedule
from hjelpa.core.database import db
from hjelpa.core.types import utcnow
from modules.feedback.scales.choosing import local_day, standing
from modules.feedback.scales.models import ScaleLicence, ScalePack
from modules.feedback.scales.notices import LICENCE_ENDS
from tenants.identity.members import list_members
from tenants.notices.queries import notify


def remind(payload: Mapping[str, Any]) -> None:
    """Tells every administrator of each licence that ends soon and has no successor; repeatable."""
    now = utcnow()
    ending = [
        (licence, name)
        for licence, name in db.session.execute(_holding()).all()
        if licence.reminded_at is None and standing(licence.expires_on, local_day(now)) == "ending"
    ]
    administrators = [member.id for member in list_members() if "administrator" in member.roles] if ending else []
    for licence, name in ending:
        day = licence.expires_on
        told = {"pack": name, "day": f"{day.day}.{day.month}.{day.year}"}
        for person in administrators:
            notify(person, LICENCE_ENDS, told, {"pack_id": licence.pack_id})
        licence.reminded_at = now


def _holding() -> Select[ScaleLicence, str]:
    """Each pack's licence that holds, with the pack's name."""
    pack = and_(ScalePack.tenant_id == ScaleLicence.tenant_id, ScalePack.id == ScaleLicence.pack_id)
    newest = (ScaleLicence.pack_id, ScaleLicence.created_at.desc(), ScaleLicence.id.desc())
    latest = select(ScaleLicence, ScalePack.name).join(ScalePack, pack)
    return latest.ext(distinct_on(ScaleLicence.pack_id)).order_by(*newest)


JOBS = (Job("feedback.remind_of_licences", remind, schedule=Schedule(daily_at=(4, 10))),)
