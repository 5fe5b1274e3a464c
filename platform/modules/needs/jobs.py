"""Every night the newest unmet needs lose the order in which they were written."""

from collections.abc import Mapping
from typing import Any

from hjelpa.core.contract import Job, Schedule
from modules.needs.commands import shuffle


def mix(payload: Mapping[str, Any]) -> None:
    shuffle()


MIX = Job("needs.mix", mix, schedule=Schedule(daily_at=(1, 30)))
