"""Every hour, whoever could read a plan that another municipality has taken over loses the way in."""

from collections.abc import Mapping
from typing import Any

from hjelpa.core.contract import Job, Schedule
from modules.plans.sharing import shut_lapsed


def shut(payload: Mapping[str, Any]) -> None:
    shut_lapsed()


SHUT = Job("plans.shut", shut, schedule=Schedule(every_minutes=60))
