"""What today, search and the leader's page get from citizens and courses."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import LeaderFigure, Period, SearchHit, TodayRow
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.i18n import day
from modules.citizens import begun, caseload, queries
from modules.citizens.listing import AddressOf
from modules.citizens.rules import end_of_day
from modules.citizens.search_queries import search_circle

MOST_ROWS = 50
MOST_HITS = 10


def list_today() -> Sequence[TodayRow]:
    """Agreements that fall today or have slipped, in the courses that the person answers for, and conversations of
    the person's own that are to be written up."""
    rows = caseload.list_due(get_seat().id, end_of_day(utcnow()), limit=MOST_ROWS)
    address = AddressOf("citizens.course", "course_id")
    kind, action = gettext("Agreement"), gettext("Open")
    due = [TodayRow(row.next_step_at, row.name, row.next_step, address(row.id), action, kind) for row in rows]
    return [*due, *_list_unwritten()]


def _list_unwritten() -> list[TodayRow]:
    unnamed, note = gettext("Course of help"), gettext("Write up what you talked about, and the next step")
    kind, action = gettext("Conversation"), gettext("Write it up")
    return [
        TodayRow(
            row.held_at,
            row.name or unnamed,
            note,
            url_for("conversations.begun", course_id=row.course_id, conversation_id=row.id),
            action,
            kind,
            whole_day=True,
        )
        for row in begun.list_unwritten(get_seat().id, limit=MOST_ROWS)
    ]


def search(words: str) -> Sequence[SearchHit]:
    address = AddressOf("citizens.course", "course_id")
    return [
        SearchHit(row.name, _note(row.opened_at, row.closed_at), address(row.course_id))
        for row in search_circle(words, get_seat().id, limit=MOST_HITS)
    ]


def _note(opened_at: datetime, closed_at: datetime | None) -> str:
    if closed_at is not None:
        return str(gettext("Course from %(begin)s to %(end)s", begin=day(opened_at), end=day(closed_at)))
    return str(gettext("Course since %(begin)s", begin=day(opened_at)))


def this_year() -> Period:
    """The calendar year so far, as indicators take it."""
    today = utcnow().astimezone(LOCAL).date()
    return Period(str(today.year), date(today.year, 1, 1), date(today.year + 1, 1, 1))


def list_figures() -> Sequence[LeaderFigure]:
    helped, still_open = queries.measure(this_year())
    return [
        LeaderFigure(
            _l("People helped this year"),
            str(helped),
            _l("Had at least one conversation since New Year."),
            _l("How many people have had at least one conversation this calendar year. Each person counts once."),
            url_for("course_figures.helped"),
        ),
        LeaderFigure(
            _l("Open courses"),
            str(still_open),
            _l("Have somebody responsible right now."),
            _l("How many courses of help have begun and not ended."),
            url_for("citizens.index", show="all"),
        ),
    ]
