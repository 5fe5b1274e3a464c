"""By night: what no answer tells of at once is looked for, and notes and themes lose the order they were written in."""

from collections.abc import Mapping
from typing import Any

from flask import g

from hjelpa.core.contract import Job, Schedule
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import utcnow
from modules.feedback.signals.commands import open_signals, shuffle
from modules.feedback.signals.reading import list_open_stories
from modules.feedback.signals.rules import find
from tenants.municipalities.queries import list_switched_off

# Each signal opens a follow-up that somebody must answer within a working day. Where many are found at once, such as
# on the first night, those known longest come first, and the next nights take the rest.
MOST_A_NIGHT = 50


def find_signals(payload: Mapping[str, Any]) -> None:
    """Looks at every open course; the statements it takes do not grow with them, but for each signal that is new."""
    now = utcnow()
    # There is no visitor here whose municipality has been looked up: listeners that are switched off stay so.
    g.modules_off = list_switched_off(get_tenant_id())
    found = [(story.course_id, each) for story in list_open_stories() for each in find(story, now)]
    open_signals(sorted(found, key=lambda pair: (pair[1].at, pair[0]))[:MOST_A_NIGHT], now)


def mix_notes(payload: Mapping[str, Any]) -> None:
    shuffle()


JOBS = (
    Job("feedback.mix_notes", mix_notes, schedule=Schedule(daily_at=(1, 35))),
    Job("feedback.find_signals", find_signals, schedule=Schedule(daily_at=(2, 20))),
)
