"""Every page of answering in one place: the helper's, those with a one-time address, and the citizen's own."""

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, OwnPage
from modules.feedback.answering import routes, routes_entering, routes_my, routes_own, routes_people

# The others add their pages to one of these two by being imported.
__all__ = ["BLUEPRINTS", "GUIDE", "OWN_PAGES", "routes_entering", "routes_own", "routes_people"]

BLUEPRINTS = (routes.blueprint, routes_my.my)
OWN_PAGES = (OwnPage("my_feedback.own_feedback", _l("How I am doing"), order=25, relations=("self",)),)
GUIDE = (
    GuidePassage(
        "answering",
        (
            *("answering.ways", "answering.link", "answering.send"),
            *("answering.enter", "answering.keep_entered", "answering.raters", "answering.add_rater"),
        ),
    ),
    GuidePassage("own-feedback", ("my_feedback.own_feedback",)),
)
