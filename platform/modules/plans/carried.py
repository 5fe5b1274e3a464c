"""The plan as it goes with the citizen to another municipality: what is shared in it, as plain text."""

import uuid
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from hjelpa.core.contract import Carried
from hjelpa.core.database import db
from modules.citizens.models import Course
from modules.plans import queries
from modules.plans.document import NOBODY, Section, build
from modules.plans.rules import Author


def fetch(course_id: uuid.UUID) -> str:
    """What the plan of the course's citizen says; no adult's own words, and nothing of where anybody lives."""
    citizen_id = db.session.execute(select(Course.citizen_id).where(Course.id == course_id)).scalar_one_or_none()
    plan = queries.find_plan(citizen_id) if citizen_id else None
    if plan is None:
        return ""
    sheet = queries.read_sheet(plan.id, Author("adult", NOBODY, ""))
    return "\n\n".join("\n".join(_lines(section)) for section in build(plan, sheet, own=None))


def _lines(section: Section) -> Iterator[str]:
    yield section.title.upper()
    for item in section.items:
        if item.title:
            yield item.title
        yield from (f"{label}: {text}" if label else text for label, text in (*item.facts, *item.words))


CARRIED = (Carried("plans.plan", _l("The plan"), fetch),)
