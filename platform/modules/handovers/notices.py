"""What people are told about handovers. No notice names a citizen."""

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import NoticeKind

ASKED = NoticeKind(
    "handovers.asked",
    _l("Somebody asks you to take over"),
    _l("%(name)s asks you to take over a course of help"),
    "handovers.show",
)
DOOR_ASKED = NoticeKind(
    "handovers.door_asked",
    _l("Your door is asked to take over"),
    _l("%(name)s asks %(receiver)s at your door to take over a course of help"),
    "handovers.show",
)
ACCEPTED = NoticeKind(
    "handovers.accepted",
    _l("A handover was accepted"),
    _l("%(name)s has taken over, and is responsible now"),
    "handovers.show",
)
REFUSED = NoticeKind(
    "handovers.refused",
    _l("A handover was refused"),
    _l("%(name)s could not take over: whoever was responsible still is"),
    "handovers.show",
)
WITHDRAWN = NoticeKind(
    "handovers.withdrawn",
    _l("A handover was withdrawn"),
    _l("%(name)s does not ask any more whether you can take over"),
    "handovers.index",
)
REMINDED = NoticeKind(
    "handovers.reminded",
    _l("An answer is due soon"),
    _l("%(name)s waits for your answer to a handover"),
    "handovers.show",
)
OVERDUE = NoticeKind(
    "handovers.overdue",
    _l("A handover was not answered in time"),
    _l("%(receiver)s has not answered %(name)s, who is still responsible"),
    "handovers.show",
)
EXPIRED = NoticeKind(
    "handovers.expired",
    _l("A handover has expired"),
    _l("%(receiver)s never answered. What was sent is deleted, and whoever was responsible still is"),
    "handovers.show",
)
ARRIVED = NoticeKind(
    "handovers.arrived",
    _l("A handover from another municipality"),
    _l("%(municipality)s asks you to take over help for somebody"),
    "handovers.incoming",
)
ARRIVED_REMINDED = NoticeKind(
    "handovers.arrived_reminded",
    _l("Another municipality waits for an answer"),
    _l("%(municipality)s waits for an answer to a handover"),
    "handovers.incoming",
)
ARRIVED_OVERDUE = NoticeKind(
    "handovers.arrived_overdue",
    _l("Another municipality was not answered in time"),
    _l("%(municipality)s has waited beyond the deadline for an answer to a handover"),
    "handovers.incoming",
)
MADE_RESPONSIBLE = NoticeKind(
    "handovers.made_responsible",
    _l("You are responsible for somebody new"),
    _l("%(name)s has received somebody from %(municipality)s and made you responsible"),
    "citizens.course",
)

JOINED = NoticeKind(
    "handovers.joined",
    _l("Somebody you answer for comes from another municipality too"),
    _l("%(name)s has received somebody from %(municipality)s whom you answer for already"),
    "citizens.course",
)

NOTICES = (
    *(ASKED, DOOR_ASKED, ACCEPTED, REFUSED, WITHDRAWN, REMINDED, OVERDUE, EXPIRED),
    *(ARRIVED, ARRIVED_REMINDED, ARRIVED_OVERDUE, MADE_RESPONSIBLE, JOINED),
)
