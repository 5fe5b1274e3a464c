"""The module contract: what a feature announces of itself in its `manifest.py`.

A manifest is one frozen object. Menu, permission check, worker schedule, today's rows, search, notices, page help,
leader's figures and benchmark all read it; nothing else lists features anywhere.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from flask import Blueprint
from flask_babel import LazyString
from sqlalchemy import ColumnElement

from hjelpa.core.demo import Town
from hjelpa.core.leaving import Holding
from hjelpa.core.visitor import Guest

Text = str | LazyString

Kind = Literal["module", "network", "tenants"]
IndicatorKind = Literal["share", "count", "ratio"]

# Workspace sections and shells a navigation item may stand in, in the order in which they are shown.
SECTIONS = ("work", "learn", "network", "municipality")
SHELLS = ("workspace", "network", "national", "operator")

# Roles as people hold them. A tenant's seat or an organisation's post carries one or several.
TENANT_ROLES = ("helper", "leader", "administrator")
ORGANISATION_ROLES = ("network_editor", "national_viewer", "operator")


@dataclass(frozen=True, slots=True)
class Permission:
    """`id` is `<feature>.<verb>`; `roles` are those that carry it unless a municipality decides otherwise."""

    id: str
    title: Text
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a token of the API may be made for; `id` is `<feature>.<what>.<verb>`."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link in a shell's navigation, shown to those who have the permission."""

    endpoint: str
    title: Text
    icon: str
    permission: str
    section: str = "work"
    shell: str = "workspace"
    order: int = 50


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a job is due: every so many minutes, or once a day at a time (UTC). One tick is one job per tenant."""

    every_minutes: int = 0
    daily_at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Work for later. The handler runs in the tenant's isolation (or the network's), in one transaction with the
    mark that it is done, and must be repeatable. `name` is `<feature>.<verb>`."""

    name: str
    handler: Callable[[Mapping[str, Any]], None]
    schedule: Schedule | None = None
    scope: Literal["tenant", "network"] = "tenant"
    max_attempts: int = 5


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar year ("2026") or quarter ("2026-Q3"): half-open [start, end) in local dates."""

    id: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Counts:
    """What one municipality contributes to one cell: counts of persons, never persons.

    `eligible` is how many the figure is about; measured for `denominator` of them (completeness).
    """

    numerator: int
    denominator: int
    eligible: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure that a feature can compute for its own municipality, and that may travel to the network.

    `count` runs inside the municipality's isolation and returns Counts for a period, or None while the municipality has no
    figure at all (then nothing is contributed). A `share` is numerator of
    denominator in per cent; a `count` has its number in the numerator and an empty denominator of 0. A `ratio` is
    persons (numerator) for each whole of something counted in hundredths (denominator), such as a full-time position.
    """

    id: str
    version: int
    title: Text
    definition: Text
    caution: Text
    count: Callable[[Period], Counts | None]
    kind: IndicatorKind = "share"


@dataclass(frozen=True, slots=True)
class TodayRow:
    """A thing that needs somebody now, with at most one action. `at` is the agreed time, or the arrival.

    With `whole_day` only the local day of `at` counts: it is shown without a time, and late when the day is over.
    """

    at: datetime
    title: Text
    note: Text
    url: str
    action: Text
    kind: Text
    whole_day: bool = False


@dataclass(frozen=True, slots=True)
class TodaySource:
    """Rows for *I dag*, for the seat at hand. `permission` decides who is asked at all."""

    permission: str
    rows: Callable[[], Sequence[TodayRow]]


@dataclass(frozen=True, slots=True)
class SearchHit:
    title: Text
    note: Text
    url: str


@dataclass(frozen=True, slots=True)
class SearchSource:
    """One group of the header search. `find` gets the words typed and returns at most ten hits."""

    title: Text
    permission: str
    find: Callable[[str], Sequence[SearchHit]]


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice a person may get; `sentence` has named places filled from the notice's values."""

    id: str
    title: Text
    sentence: Text
    endpoint: str


@dataclass(frozen=True, slots=True)
class GuidePassage:
    """A passage of the guide, in the feature's `guide/<slug>.<language>.md`, and the pages it explains."""

    slug: str
    endpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeaderFigure:
    """One number on the leader's page. `value` is already formatted; `sentence` is the number in words.

    `url` is the list behind it; whoever may not open the list sees the number without the link.
    """

    title: Text
    value: str
    sentence: Text
    definition: Text
    url: str | None = None


@dataclass(frozen=True, slots=True)
class FigureSource:
    """Numbers for the leader's page. `order` follows the citizen's way: waiting, helped, effect, the network.

    They stand under `title`, the feature's own unless given; sources with the same title stand together.
    """

    permission: str
    figures: Callable[[], Sequence[LeaderFigure]]
    order: int = 50
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class CourseEvent:
    """One thing that happened in a course of help, as a sentence; `notes` are (heading, somebody's words)."""

    at: datetime
    text: Text
    notes: tuple[tuple[Text, str], ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class CourseMark:
    """Something that may have changed the course of help, in two or three words: it stands on the course's curve."""

    at: datetime
    text: Text


@dataclass(frozen=True, slots=True)
class CourseSection:
    """What a feature adds to the page of a course of help. All functions get the course's id.

    `render` returns safe HTML (a rendered partial), or None when there is nothing to show; sections stand in the
    order of `order`. `events` adds lines to the page's one timeline, `marks` what stands on the curve. None is called without `permission`, nor
    before the read has been written to the access log. `traces` returns the ids under which the citizen was read
    before there was a course, so that the list of who has read is whole: asked of every feature, on or off.
    """

    permission: str
    render: Callable[[uuid.UUID], str | None] | None = None
    order: int = 50
    events: Callable[[uuid.UUID], Sequence[CourseEvent]] | None = None
    marks: Callable[[uuid.UUID], Sequence[CourseMark]] | None = None
    traces: Callable[[uuid.UUID], Sequence[uuid.UUID]] | None = None


@dataclass(frozen=True, slots=True)
class AfterConversation:
    """What may be done at once with a conversation that is being saved: another button beside the one that saves.

    `begin` gets the ids of the course and of the conversation, in the transaction that saves it, and returns the
    address to go to. `key` tells the buttons of a page apart.
    """

    key: str
    title: Text
    permission: str
    begin: Callable[[uuid.UUID, uuid.UUID], str]


@dataclass(frozen=True, slots=True)
class BeforeConversation:
    """What may be done before a conversation, which thereby begins: whoever holds it writes it up afterwards.

    `unless` makes a condition on the id of a course, as a part of another statement: where it is true this is not
    offered, and `why` is what is said to somebody who asks for it all the same. `begin` gets the ids of the course and
    of the begun conversation, in the transaction that begins it, and the address where it is written up; it returns
    the address to go to. What a conversation began with is not offered again when it is written up: an
    `AfterConversation` with the same `key` is left out there.
    """

    key: str
    title: Text
    permission: str
    unless: Callable[[ColumnElement[uuid.UUID]], ColumnElement[bool]]
    why: Text
    begin: Callable[[uuid.UUID, uuid.UUID, str], str]


@dataclass(frozen=True, slots=True)
class OwnPage:
    """One link on the citizen's own pages (`/<tenant>/my/…`), shown to whoever has come in by a code.

    `render` is what the page shows of itself on the citizen's first page: safe HTML, or None when there is nothing.
    """

    endpoint: str
    title: Text
    order: int = 50
    relations: tuple[str, ...] = ("self", "adult")
    render: Callable[[], str | None] | None = None


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page of a municipality that anyone may open; it stands at the foot of those that citizens see."""

    endpoint: str
    title: Text
    order: int = 50


@dataclass(frozen=True, slots=True)
class OwnGoal:
    """A goal in the citizen's own words; `value` is where they stood last, 0 to 10, and `at` when that was."""

    id: uuid.UUID
    words: str
    value: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GoalSource:
    """The citizen's own goals, for features that ask how far they have come.

    `list` gets a course's id and returns the open goals that are the citizen's own to see. `rate` gets the course's id,
    a goal's, a value from 0 to 10 and a key: the same key again is the same rating. A goal that is not among those
    listed changes nothing.
    """

    list: Callable[[uuid.UUID], Sequence[OwnGoal]]
    rate: Callable[[uuid.UUID, uuid.UUID, int, uuid.UUID], None]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The people who made contact for the first time in a period, each once, by what it has led to so far.

    `courses`: the course of help of each person whom it led to one; `advised`: how many had a conversation and needed no
    course; `waiting`: how many have had neither yet. Together they are all of them.
    """

    courses: Sequence[uuid.UUID]
    advised: int
    waiting: int

    @property
    def people(self) -> int:
        return len(self.courses) + self.advised + self.waiting


@dataclass(frozen=True, slots=True)
class Offer:
    """Help that exists, as it is suggested where a plan is made. `kind` is "municipality", "community" or "outside"."""

    id: uuid.UUID
    title: str
    summary: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Carried:
    """A part of a course that may go with the citizen to another municipality, when they have said yes to it.

    `id` is `<feature>.<part>`; `title` names it for the citizen; `fetch` gets the course's id, in the sender's
    isolation and after the read has been written to the log, and returns plain text, empty for nothing.
    """

    id: str
    title: Text
    fetch: Callable[[uuid.UUID], str]


@dataclass(frozen=True, slots=True)
class Listener:
    """What a feature does when something has happened in another (`hjelpa.core.events`)."""

    event: type
    hear: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything the platform needs to know about one feature.

    kind "module" is what a municipality switches on, "network" what municipalities share, "tenants" the ground.
    `folder` is the feature's own (`Path(__file__).parent`). `requires` names other features that must be on.
    `own_pages` are the citizen's, `public_pages` everyone's; `offers` finds help that exists by everyday words, at most ten; `goals` are the citizen's own (one feature only); `arrivals` counts who made contact (one feature only); `find_guest` knows
    the one-time codes' cookie (one feature only). `holdings` are what colleagues answer for and pass on when they
    leave. `front_door` is the page of a municipality that anyone may open to ask for help. `demo` fills one municipality of the demo inside its isolation; `order` of features follows `requires`.
    """

    name: str
    kind: Kind
    title: Text
    summary: Text
    folder: Path
    blueprints: tuple[Blueprint, ...] = ()
    permissions: tuple[Permission, ...] = ()
    scopes: tuple[Scope, ...] = ()
    navigation: tuple[NavItem, ...] = ()
    jobs: tuple[Job, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    requires: tuple[str, ...] = ()
    always_on: bool = False
    today: tuple[TodaySource, ...] = ()
    search: tuple[SearchSource, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
    guide: tuple[GuidePassage, ...] = ()
    figures: tuple[FigureSource, ...] = ()
    course_sections: tuple[CourseSection, ...] = ()
    before_conversation: tuple[BeforeConversation, ...] = ()
    after_conversation: tuple[AfterConversation, ...] = ()
    own_pages: tuple[OwnPage, ...] = ()
    public_pages: tuple[PublicPage, ...] = ()
    offers: tuple[Callable[[str], Sequence[Offer]], ...] = ()
    goals: GoalSource | None = None
    arrivals: Callable[[Period], Arrivals] | None = None
    listeners: tuple[Listener, ...] = ()
    carried: tuple[Carried, ...] = ()
    holdings: tuple[Holding, ...] = ()
    find_guest: Callable[[str], Guest | None] | None = None
    front_door: str = ""
    demo: Callable[[Town], None] | None = None

    @property
    def switchable(self) -> bool:
        return self.kind != "tenants" and not self.always_on
