"""A form on the page where citizens answer: which language it is read in, and the ways to the others."""

from flask import g, request, url_for
from flask_babel import get_locale

from hjelpa.web.i18n import LANGUAGES as FRAME_LANGUAGES
from modules.feedback.scales.forms import Form
from modules.feedback.scales.schemas import FORM_LANGUAGES


def pick_language(form: Form) -> str:
    """The form's language for this request: the one chosen for it, else the page's own where it was chosen, else the
    municipality's, else the page's. The frame around the form stays in a language of the interface."""
    wanted = [request.args.get("form_lang", ""), request.args.get("lang", "")]
    chosen = next((code for code in wanted if code in form.words), None)
    own = str(g.get("municipality_language") or "")
    return chosen or (
        own if own in form.words and own not in FRAME_LANGUAGES else form.in_language(str(get_locale()))
    )


def link_languages(form: Form, endpoint: str, token: str) -> list[tuple[str, str, str]]:
    """(name, code, address) of the form in each of its other languages; `endpoint` is that of the page itself."""
    shown = pick_language(form)
    return [
        (
            str(FORM_LANGUAGES[code]),
            code,
            url_for(endpoint, form_lang=code, lang=request.args.get("lang"), token=token),
        )
        for code in form.languages
        if code != shown
    ]
