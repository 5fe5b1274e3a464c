"""What happened in a course of help, as sentences in one line of time."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext

from hjelpa.core.contract import CourseEvent, Text
from hjelpa.web.i18n import moment
from modules.citizens.queries import AnyRow, Head
from modules.citizens.schemas import HOW_ENDED


def tell(head: Head, conversations: Sequence[AnyRow], others: Iterable[CourseEvent]) -> list[CourseEvent]:
    """All events, the latest first."""
    events = [*others]
    for turn in head.turns:
        events.append(CourseEvent(turn.since_at, gettext("%(name)s became responsible", name=turn.name)))
    for row in conversations:
        events.append(_conversation(row))
    if head.closed_at is not None:
        how = _lower(HOW_ENDED[head.ending or ""])
        events.append(CourseEvent(head.closed_at, gettext("The course ended: %(how)s", how=how)))
    # Of two things at the same moment, the one that was told later happened later.
    return sorted(events, key=lambda event: event.at)[::-1]


def _conversation(row: AnyRow) -> CourseEvent:
    notes: list[tuple[Text, str]] = []
    if row.matters:
        notes.append((gettext("What matters"), row.matters))
    if row.happened:
        notes.append((gettext("What has happened"), row.happened))
    if row.next_step:
        when = moment(row.next_step_at)
        notes.append((gettext("Agreed, %(when)s", when=when) if when else gettext("Agreed"), row.next_step))
    held = gettext("Conversation with %(name)s", name=row.name)
    if row.unwritten:
        held = gettext("Conversation with %(name)s, not written up", name=row.name)
    return CourseEvent(row.held_at, held, tuple(notes))


def _lower(text: Text) -> str:
    said = str(text)
    return said[:1].lower() + said[1:]
