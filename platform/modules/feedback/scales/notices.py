"""What people are told about packs of forms."""

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import NoticeKind

LICENCE_ENDS = NoticeKind(
    "feedback.licence_ends",
    _l("A licence for a scale ends soon"),
    _l("The licence for “%(pack)s” ends on %(day)s"),
    "feedback_scales.pack",
)
