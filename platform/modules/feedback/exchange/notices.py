"""What whoever asked for an import is told when it is over."""

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import NoticeKind

DONE = NoticeKind(
    "feedback.import_done",
    _l("The import is done"),
    _l("The sessions in your file are here now: %(answers)s new answers in %(courses)s new courses"),
    "feedback_exchange.show",
)
CHECKED = NoticeKind(
    "feedback.import_checked",
    _l("Your file has been checked"),
    _l("See what it holds before anything is taken in"),
    "feedback_exchange.show",
)
FAILED = NoticeKind(
    "feedback.import_failed",
    _l("The import did not work"),
    _l("Nothing in your file has been taken in; see why"),
    "feedback_exchange.show",
)

NOTICES = (DONE, CHECKED, FAILED)
