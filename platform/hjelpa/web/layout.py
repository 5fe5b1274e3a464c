"""What a page frame needs to know; every title is already in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ShellName = Literal["workspace", "group", "citizen", "network", "national", "operator", "account"]


@dataclass(frozen=True, slots=True)
class Link:
    """A plain link, as in the footer."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the side navigation; `count` is what waits there, shown only when above zero."""

    title: str
    url: str
    icon: str = ""
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class NavSection:
    """A heading in the side navigation with its lines; an empty title gives lines without a heading."""

    title: str
    items: tuple[NavItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality and role that the person may switch to; `url` is the same kind of page there."""

    title: str
    subtitle: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Language:
    """A language the page exists in, named in itself."""

    code: str
    title: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Shell:
    """The frame around a page: who is here, where, and where they can go.

    Composed once for each person and page and then kept, so that two are the same only if they are one (`eq=False`);
    what changes from moment to moment, as the number of notices, is not in it.

    `messages_url` is where the demo shows what it would have sent. `title` is the product's name, `subtitle` the municipality or area, `label` the accessible name of
    the side navigation.
    """

    name: ShellName
    title: str = "Hjelpa"
    subtitle: str = ""
    home_url: str = "/"
    sections: tuple[NavSection, ...] = ()
    places: tuple[Place, ...] = ()
    person_name: str | None = None
    account_url: str | None = None
    sign_out_url: str | None = None
    notices_url: str | None = None
    search_url: str | None = None
    help_url: str | None = None
    theme_url: str | None = None
    messages_url: str | None = None
    languages: tuple[Language, ...] = ()
    demo: bool = False
    label: str = ""
    logo_url: str | None = None
    footer: tuple[Link, ...] = ()
    language: str = "nb"

    @property
    def current_place(self) -> Place | None:
        """The place the person is in now, if the switch knows it."""
        return next((place for place in self.places if place.current), None)
