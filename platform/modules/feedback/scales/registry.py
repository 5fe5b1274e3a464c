"""The platform's own pack, and which of its forms is for whom.

The own forms are in our own plain words, free for anyone to use. They borrow nothing from other scales, and nobody has
yet answered them outside help: they have no cut-off, and their limit for a reliable change is estimated from answers.
"""

from pathlib import Path

from modules.feedback.scales.forms import KINDS, Form
from modules.feedback.scales.reading import load_forms

OWN_PACK = "hjelpa"
YOUNGEST = "hjelpa.youngest"

# Every version there has been, so that an answer can always be shown with the words that were answered.
VERSIONS = {(form.key, form.version): form for form in load_forms(Path(__file__).with_name("hjelpa.toml"))}
# The newest of each, which is the one handed over, in the order of the file.
FORMS = {form.key: form for form in sorted(VERSIONS.values(), key=lambda form: form.version)}


def own_form(kind: str, age_band: str) -> Form:
    """The platform's own scored form of a kind for an age band."""
    fitting = (form for form in FORMS.values() if form.kind == kind and form.scored)
    return next(form for form in fitting if age_band in form.ages)


def youngest_form() -> Form:
    """The form for children under 6: a face to point at, never added up and in no figure."""
    return FORMS[YOUNGEST]


assert {form.kind for form in FORMS.values()} == set(KINDS)
