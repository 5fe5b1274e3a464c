"""The work of imports: checking a large file, taking one in, and looking after those that nothing came of."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hjelpa.core.contract import Job, Schedule
from hjelpa.core.types import utcnow
from modules.feedback.exchange import commands, queries
from modules.feedback.exchange.models import SessionImport

# A file that somebody has looked at and not taken in.
KEPT = timedelta(days=2)


def check(payload: Mapping[str, Any]) -> None:
    given = _find(payload, "waiting")
    if given is not None:
        commands.look_at(given)
        commands.tell_checked(given)


def run(payload: Mapping[str, Any]) -> None:
    given = _find(payload, "confirmed")
    if given is not None:
        commands.run(given)


def _find(payload: Mapping[str, Any], state: str) -> SessionImport | None:
    """The import to work on; None when that has been done, or it has been thrown away."""
    named = payload.get("import_id")
    given = queries.find_with_content(uuid.UUID(named)) if named else None
    return given if given is not None and given.state == state and given.content is not None else None


def tidy(payload: Mapping[str, Any]) -> None:
    """Tells of imports whose work was given up, and lets go of files that nobody has taken in."""
    for given in queries.list_given_up():
        commands.give_up(given)
    for given in queries.list_old(utcnow() - KEPT):
        commands.throw_away(given)


# A file that could not be taken in twice will not be the third time.
CHECK = Job("feedback.check_import", check, max_attempts=2)
RUN = Job("feedback.run_import", run, max_attempts=2)
TIDY = Job("feedback.tidy_imports", tidy, schedule=Schedule(every_minutes=10))
JOBS = (CHECK, RUN, TIDY)
