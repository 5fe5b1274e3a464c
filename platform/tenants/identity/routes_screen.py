"""The screen lock's pages: choosing the own code, and the page that a locked sign-in gets for every address."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter.util import get_remote_address

from hjelpa.core.limits import limiter
from hjelpa.core.permissions import public, signed_in
from hjelpa.core.visitor import Visitor, get_visitor
from hjelpa.web.forms import Form
from tenants.identity import lock_queries as locks
from tenants.identity import queries, screen
from tenants.identity.cookies import clear_token
from tenants.identity.landing import landing_url
from tenants.identity.passwords import hash_password, is_right
from tenants.identity.rules import TRIES_WINDOW, may_try, subject_of
from tenants.identity.schemas import ChooseCodeInput, ScreenCodeInput

blueprint = Blueprint("screen", __name__, url_prefix="/account", template_folder="templates")


@blueprint.get("/code")
@signed_in
def code() -> ResponseReturnValue:
    return _code_page(Form(ChooseCodeInput), request.args.get("then", ""))


@blueprint.post("/code")
@signed_in
def choose_code() -> ResponseReturnValue:
    visitor, form = get_visitor(), Form.read(ChooseCodeInput, request.form)
    if not form.ok:
        return _code_page(form, request.form.get("then", "")), 422
    locks.set_code_hash(visitor.account_id, hash_password(form.values["screen_code"]))
    waiting = screen.find_waiting(visitor, form.values["then"])
    if waiting is not None:
        return redirect(screen.lock(visitor, waiting), 303)
    flash(gettext("Your code is saved."), "success")
    return redirect(url_for("identity.account"), 303)


@blueprint.get("/locked")
@public
def locked() -> ResponseReturnValue:
    if screen.find_held() is None:
        return redirect(url_for("front.index"), 303)
    return _locked_page(Form(ScreenCodeInput))


@blueprint.post("/locked")
@public
@limiter.limit("30 per minute")
def unlock() -> ResponseReturnValue:
    held = screen.find_held()
    if held is None:
        return redirect(url_for("front.index"), 303)
    form = Form.read(ScreenCodeInput, request.form)
    if not form.ok:
        return _locked_page(form), 422
    # Counted before hashing, as sign-in does, and across sign-ins.
    secret, about = current_app.config["SECRET_KEY"], f"code of {held.account_id}"
    subjects = subject_of(secret, about, get_remote_address()), subject_of(secret, about)
    if not may_try(*queries.count_failures(*subjects)):
        form.refuse("screen_code", gettext("Too many tries. Wait a quarter of an hour and try again."))
        return _locked_page(form), 429, {"Retry-After": str(int(TRIES_WINDOW.total_seconds()))}
    left = locks.take_try(held.session_id)
    if left >= 0 and is_right(locks.find_code_hash(held.account_id), form.values["screen_code"]):
        queries.forget_failures(subjects[0])
        return redirect(screen.give_back(held) or landing_url(held), 303)
    queries.note_failure(*subjects)
    if left <= 0:
        return _end(held)
    form.refuse("screen_code", gettext("That is not the code. Try again."))
    return _locked_page(form), 422


def _end(held: Visitor) -> ResponseReturnValue:
    """After the last wrong code only the password helps."""
    locks.end_locked(held.session_id)
    response = redirect(url_for("identity.sign_in"), 303)
    clear_token(response)
    flash(gettext("The code was wrong too many times. The helper must sign in again."), "warning")
    return response


def _locked_page(form: Form) -> str:
    form.typed = {}  # what was written is never shown again
    return render_template("identity/locked.html", form=form, form_errors=form.errors)


def _code_page(form: Form, then: str) -> str:
    visitor = get_visitor()
    form.typed = {}
    return render_template(
        "identity/code.html",
        form=form,
        form_errors=form.errors,
        then=then,
        waiting=screen.find_waiting(visitor, then),
        chosen=locks.find_code_hash(visitor.account_id) is not None,
    )
