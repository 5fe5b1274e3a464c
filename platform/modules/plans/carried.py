"""The plan as it goes with the citizen to another municipality: what is shared in it, as plain text."""

import uuid
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Carried
from modules.plans.course_queries import find_plan_of
from modules.plans.document import NOBODY, Section, build
from modules.plans.queries import read_sheet
from modules.plans.rules import Author


def fetch(course_id: uuid.UUID) -> str:
    """What the plan of the course's citizen says; no adult's own words, and nothing of where anybody lives."""
    plan = find_plan_of(course_id)
    if plan is None:
        return ""
    sheet = read_sheet(plan.id, Author("adult", NOBODY, ""))
    return "\n\n".join("\n".join(_lines(section)) for section in build(plan, sheet, own=None))


def _lines(section: Section) -> Iterator[str]:
    yield section.title.upper()
    for item in section.items:
        if item.title:
            yield item.title
        yield from (f"{label}: {text}" if label else text for label, text in (*item.facts, *item.words))


CARRIED = (Carried("plans.plan", _l("The plan"), fetch),)
