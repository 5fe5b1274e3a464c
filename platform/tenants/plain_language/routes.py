"""Checking texts while they are written, and the municipality's own list of words."""

import uuid

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access, signed_in
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from tenants.plain_language import queries
from tenants.plain_language.rules import LIMIT, split_words
from tenants.plain_language.schemas import LANGUAGES, TextInput, WordInput
from tenants.plain_language.wording import Advice, advise, too_long
from tenants.plain_language.words import LISTS

blueprint = Blueprint(
    "plain_language", __name__, url_prefix="/<tenant>/plain-language", template_folder="templates"
)

# No form of ours has more texts than this.
MOST_TEXTS = 12


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    form = Form(TextInput, initial={"language": _language("")})
    return render_template("plain_language/index.html", form=form, texts=())


@blueprint.post("")
@signed_in
def look() -> ResponseReturnValue:
    """Advice on a page of its own: for the own text box, and for any form's button where scripts are off."""
    form = Form.read(TextInput, request.form)
    language = _language(form.value("language"))
    return render_template("plain_language/index.html", form=form, texts=_read_texts(language))


def _read_texts(language: str) -> list[tuple[str, str, Advice]]:
    """Each text that was sent, with its label and advice. Fields are named in `plain`, as `name=label`."""
    named = [entry.partition("=") for entry in request.form.getlist("plain")[:MOST_TEXTS]]
    texts = [(label, request.form.get(name, "").strip()) for name, _, label in named]
    lexicon = queries.get_lexicon(language)
    return [(label, text, advise(text, lexicon)) for label, text in texts if text]


@blueprint.post("/check")
@signed_in
def check() -> ResponseReturnValue:
    """Advice on one text, as JSON: `title`, `counted` and `lines`, ready to be shown."""
    text = request.form.get("text", "")
    if len(text) > LIMIT:
        return jsonify(title=too_long(), counted="", lines=[]), 422
    advice = advise(text, queries.get_lexicon(_language(request.form.get("language", ""))))
    return jsonify(title=advice.title, counted=advice.counted, lines=advice.lines)


def _language(wanted: str) -> str:
    """The language asked for; else the municipality's own, or bokmål where we have no list in it."""
    return next((code for code in (wanted, get_seat().language) if code in LISTS), "nb")


@blueprint.get("/words")
@access("plain_language.configure")
def words() -> ResponseReturnValue:
    language = _language(request.args.get("language", ""))
    return _words_page(Form(WordInput, initial={"language": language}), language)


@blueprint.post("/words")
@access("plain_language.configure")
def put_word() -> ResponseReturnValue:
    form = Form.read(WordInput, request.form)
    word = " ".join(split_words(form.values.get("word", "")))
    if form.ok and not word:
        form.refuse("word", gettext("Write the word with letters"))
    if not form.ok:
        return _words_page(form, _language(form.value("language"))), 422
    queries.put_word(form.values["language"], word, form.values["instead"])
    flash(gettext("The list is changed. It holds for the next text."), "success")
    return redirect(url_for("plain_language.words", language=form.values["language"]), 303)


def _words_page(form: Form, language: str) -> str:
    own = queries.list_own(language)
    return render_template(
        "plain_language/words.html",
        form=form,
        form_errors=form.errors,
        language=language,
        languages=list(LANGUAGES.items()),
        own=own,
        ours=sorted(LISTS[language].items()),
        replaced={row.word for row in own},
    )


@blueprint.post("/words/<uuid:word_id>/remove")
@access("plain_language.configure")
def remove_word(word_id: uuid.UUID) -> ResponseReturnValue:
    language = queries.remove_word(word_id) or abort(404)
    flash(gettext("The word is taken away. What the common list says holds again."), "success")
    return redirect(url_for("plain_language.words", language=language), 303)
