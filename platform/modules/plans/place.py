"""Where a plan is opened: from a course's page by a helper, or on the citizen's own pages.

The views (`views.py`, `views_parts.py`) are the same for both. They find addresses, frame and rights here. A blueprint
that shows plans registers the same endpoint names; `Place.url("canvas")` is its own address for that page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from hjelpa.core.permissions import features
from hjelpa.core.visitor import find_guest, find_seat
from modules.plans.models import Plan
from modules.plans.rules import Author, may_write

Crumb = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """`frame` is the template that pages extend, `arguments` what every address of the blueprint needs.

    `crumbs` lead here. `sections` are (endpoint, words) of the plan's own pages; `may_change` is whether the person
    of this request may write at all here; `closed` says why nobody may.
    """

    blueprint: str
    frame: str
    arguments: dict[str, Any]
    crumbs: Sequence[Crumb]
    sections: Sequence[tuple[str, str]]
    may_change: bool = True
    closed: str = ""

    def url(self, name: str, **more: Any) -> str:
        return url_for(f"{self.blueprint}.{name}", **self.arguments, **more)

    def tabs(self, current: str) -> list[tuple[str, str, bool]]:
        return [(words, self.url(name), name == current) for name, words in self.sections]


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan opened by somebody: who, where, and whose plan it is by the name they want to be called by."""

    plan: Plan
    author: Author
    place: Place
    whose: str

    def may_write(self, part: Any) -> bool:
        """Whether a part with `author_adult_id` may be changed here by this author."""
        about = None if isinstance(part, Plan) else part.author_adult_id
        return self.place.may_change and may_write(about, self.author)


def plan_sections() -> list[tuple[str, str]]:
    """The pages of a plan that everybody with access has."""
    return [
        ("show", str(gettext("The plan"))),
        ("canvas", str(gettext("The canvas"))),
        ("history", str(gettext("Changes"))),
    ]


def list_offers(words: str) -> list[Any]:
    """Help that exists, by everyday words, from every feature that is on and knows of some; at most ten."""
    at = find_seat() or find_guest()
    on = features().enabled(at.modules_off if at else ())
    return [offer for manifest in on for find in manifest.offers for offer in find(words)][:10]
