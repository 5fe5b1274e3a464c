"""Whom to call when it cannot wait, by the municipality's country. Public numbers, checked by people, not by machines."""

from typing import NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class Number(NamedTuple):
    """A number to call, and for what."""

    number: str
    words: str | LazyString

    @property
    def address(self) -> str:
        return f"tel:{self.number.replace(' ', '')}"


NUMBERS: dict[str, tuple[Number, ...]] = {
    "NO": (
        Number("113", _l("Life in danger: ambulance")),
        Number("112", _l("Police")),
        Number("110", _l("Fire")),
        Number("116 117", _l("Doctor on call, day and night")),
        Number("116 123", _l("Somebody to talk with, day and night: Mental Helse")),
        Number("116 111", _l("Children and young people: Alarmtelefonen")),
    ),
    "DK": (
        Number("112", _l("Life in danger: ambulance, police, fire")),
        Number("1813", _l("Doctor on call in the capital region")),
        Number("70 201 201", _l("Somebody to talk with: Livslinien")),
        Number("116 111", _l("Children and young people: BørneTelefonen")),
    ),
}


def numbers_in(country: str) -> tuple[Number, ...]:
    """The country's numbers; where we know none, the one that works all over Europe."""
    return NUMBERS.get(country, (Number("112", _l("Life in danger: ambulance, police, fire")),))
