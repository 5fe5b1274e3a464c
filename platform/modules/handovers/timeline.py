"""What has happened to one handover, the latest first."""

from collections.abc import Sequence

from flask_babel import gettext

from hjelpa.core.contract import CourseEvent, Text
from modules.citizens.queries import AnyRow
from modules.handovers.carried import list_offered
from modules.handovers.wording import decided_words, receiver_of


def tell(letter: AnyRow) -> Sequence[CourseEvent]:
    one, whom = letter.Handover, receiver_of(letter)
    events = [
        CourseEvent(
            one.proposed_at, gettext("%(name)s asked %(whom)s to take over", name=letter.sender, whom=whom)
        )
    ]
    if one.agreed_at is not None:
        events.append(CourseEvent(one.agreed_at, _consent(letter)))
    if one.reminded_at is not None:
        events.append(CourseEvent(one.reminded_at, gettext("%(whom)s was reminded", whom=whom)))
    if one.escalated_at is not None:
        events.append(
            CourseEvent(one.escalated_at, gettext("The leader was told that nobody had answered in time"))
        )
    if one.decided_at is not None:
        notes: tuple[tuple[Text, str], ...] = ((gettext("Reason"), one.reason),) if one.reason else ()
        events.append(CourseEvent(one.decided_at, decided_words(letter), notes))
    # Of two things at the same moment, the one that was told later happened later.
    return sorted(events, key=lambda event: event.at)[::-1]


def _consent(letter: AnyRow) -> str:
    """Who asked the citizen, and what they said yes to telling."""
    titles = list_offered(letter.Handover.kind)
    parts = [str(titles[part]) for part in letter.Handover.agreed_parts if part in titles]
    if not parts:
        return str(gettext("The citizen told %(name)s yes to the handover", name=letter.sender))
    return str(
        gettext("The citizen told %(name)s yes to telling: %(parts)s", name=letter.sender, parts=", ".join(parts))
    )
