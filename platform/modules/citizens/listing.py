"""Rows of the list of courses, made ready once so that the template only writes them."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext

from hjelpa.web.i18n import dates
from modules.citizens.queries import AnyRow

_ANY = uuid.UUID(int=0)


class CourseRow(NamedTuple):
    url: str
    title: str
    began: str
    helpers: str
    next: str


def show_courses(rows: Sequence[AnyRow]) -> list[CourseRow]:
    """Names where the query gave them, and the word for a course where it did not."""
    address, written = AddressOf("citizens.course", "course_id"), dates()
    unnamed, none, ended = gettext("Course of help"), gettext("None agreed"), gettext("Ended %(day)s", day="{}")
    return [
        CourseRow(
            address(row.id),
            row.name or unnamed,
            written.day(row.opened_at),
            row.helpers or "–",
            ended.format(written.day(row.closed_at))
            if row.closed_at
            else written.moment(row.next_step_at) or none,
        )
        for row in rows
    ]


class HelpedRow(NamedTuple):
    url: str
    title: str
    began: str
    met: str


def show_helped(rows: Sequence[AnyRow]) -> list[HelpedRow]:
    """People who have been helped, each with the course of the latest conversation."""
    address, written, unnamed = AddressOf("citizens.course", "course_id"), dates(), gettext("Course of help")
    return [
        HelpedRow(address(row.id), row.name or unnamed, written.day(row.opened_at), written.day(row.held_at))
        for row in rows
    ]


def page_address(endpoint: str, **filters: str) -> Callable[[int], str]:
    """A function from page number to the address of that page of a filtered list."""
    chosen: dict[str, Any] = {name: value for name, value in filters.items() if value}
    first = url_for(endpoint, **chosen)
    joint = "&" if "?" in first else "?"
    return lambda number: f"{first}{joint}page={number}"


class AddressOf:
    """Addresses of many things of one kind from a single `url_for`, which costs more than the rest of a row."""

    def __init__(self, endpoint: str, argument: str) -> None:
        values: dict[str, Any] = {argument: _ANY}
        self._before, _, self._after = url_for(endpoint, **values).partition(str(_ANY))

    def __call__(self, id: uuid.UUID) -> str:
        return f"{self._before}{id}{self._after}"
