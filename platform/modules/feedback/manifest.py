"""What feedback announces."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import CourseSection, FigureSource, GuidePassage, Manifest, Permission
from modules.feedback.after import AFTER
from modules.feedback.demo import fill
from modules.feedback.figures import figures
from modules.feedback.indicators import INDICATORS
from modules.feedback.routes import blueprint, my
from modules.feedback.section import render

manifest = Manifest(
    name="feedback",
    kind="module",
    title=_l("Feedback"),
    summary=_l("The citizen answers short scales in the conversation, and both look at the curve together."),
    folder=Path(__file__).parent,
    blueprints=(blueprint, my),
    permissions=(
        Permission("feedback.read", _l("See citizens' answers on the scales"), ("helper", "leader")),
        Permission("feedback.hand_over", _l("Hand a scale over to a citizen"), ("helper",)),
        Permission("feedback.oversee", _l("See the service's figures on feedback"), ("leader",)),
    ),
    indicators=INDICATORS,
    requires=("citizens",),
    guide=(GuidePassage("scales", ("feedback.course",)),),
    figures=(FigureSource("feedback.oversee", figures, order=30),),
    course_sections=(CourseSection("feedback.read", render, order=30),),
    after_conversation=AFTER,
    demo=fill,
)
