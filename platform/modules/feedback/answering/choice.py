"""Which form somebody is given, and which one an answer was given to: the one place where that is decided."""

from flask import abort

from modules.feedback.models import ScaleRequest
from modules.feedback.scales.choosing import Choice
from modules.feedback.scales.forms import Form
from modules.feedback.scales.queries import choose, find_ended_pack, find_form


def choose_form(kind: str, age_band: str, *, youngest: bool = False) -> Choice:
    """The form of a kind for a citizen's age band, with when it closes.

    Other raters get the citizen's, so that they can be seen side by side. `youngest` asks for the one for children
    under 6, which is a citizen's age band of its own to nobody but the helper who knows the child.
    """
    return choose(kind, age_band, youngest=youngest and age_band == "child")


def form_of(asked: ScaleRequest) -> Form:
    """The form that was handed over; ends the request with 404 should it be gone, or closed before it was answered."""
    form = get_form(asked.form, asked.form_version)
    if asked.used_at is None and find_ended_pack(form):
        abort(404)
    return form


def get_form(key: str, version: int) -> Form:
    return find_form(key, version) or abort(404)
