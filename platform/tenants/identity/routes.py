"""Signing in and out, the own account, and the demo's one-click sign-in."""

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter.util import get_remote_address

from hjelpa.core.limits import limiter
from hjelpa.core.permissions import public, signed_in
from hjelpa.core.visitor import find_visitor, get_visitor
from hjelpa.web.forms import Form
from tenants.identity import queries
from tenants.identity.cookies import clear_token, read_token, set_token
from tenants.identity.landing import landing_url
from tenants.identity.passwords import is_right
from tenants.identity.rules import (
    DEMO_CODE,
    TRIES_WINDOW,
    describe_device,
    is_own_address,
    may_try,
    subject_of,
)
from tenants.identity.schemas import DemoSignInInput, LanguageInput, SignInInput
from tenants.identity.screen import find_held
from tenants.identity.way_back import TYPED, find_front_door

blueprint = Blueprint("identity", __name__, url_prefix="/account", template_folder="templates")
front = Blueprint("front", __name__)


@front.get("/")
@public
def index() -> ResponseReturnValue:
    visitor = find_visitor()
    if find_held():
        return redirect(url_for("screen.locked"), 303)
    return redirect(landing_url(visitor) if visitor else url_for("identity.sign_in"), 303)


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if find_held():
        # A browser fills in a password that it keeps, for whoever holds the screen.
        return redirect(url_for("screen.locked"), 303)
    target = request.args.get("next", "/")
    target = target if is_own_address(target) else "/"
    return _sign_in_page(Form(SignInInput, initial={"next": target, "lost": request.args.get("lost", "")}))


@blueprint.post("/sign-in")
@public
@limiter.limit("30 per minute")
def sign_in_submit() -> ResponseReturnValue:
    if find_held():
        return redirect(url_for("screen.locked"), 303)
    form = Form.read(SignInInput, request.form)
    if form.ok:
        # Counted before hashing, so that a flood of guesses costs nothing.
        secret, email = current_app.config["SECRET_KEY"], form.values["email"]
        from_here, from_anywhere = subject_of(secret, email, get_remote_address()), subject_of(secret, email)
        if not may_try(*queries.count_failures(from_here, from_anywhere)):
            form.refuse("password", gettext("Too many tries. Wait a quarter of an hour and try again."))
            return _sign_in_page(form), 429, {"Retry-After": str(int(TRIES_WINDOW.total_seconds()))}
        account = queries.find_account(email)
        if is_right(account.password_hash if account else None, form.values["password"]) and account:
            queries.forget_failures(from_here)
            return _enter(account.id, form)
        queries.note_failure(from_here, from_anywhere)
        form.refuse("password", gettext("The e-mail address and the password do not fit together."))
    return _sign_in_page(form), 422


@blueprint.post("/sign-out")
@public  # also while the screen is locked: a forgotten code must lock nobody out
def sign_out() -> ResponseReturnValue:
    response = redirect(url_for("identity.sign_in"), 303)
    queries.end_token(read_token() or "")
    clear_token(response)
    _renew_form_session()
    flash(gettext("You are signed out."), "success")
    return response


@blueprint.get("")
@signed_in
def account() -> ResponseReturnValue:
    visitor = get_visitor()
    form = Form(LanguageInput, initial={"language": visitor.language})
    sessions = queries.list_sessions(visitor.account_id)
    return render_template("identity/account.html", form=form, sessions=sessions, visitor=visitor)


@blueprint.post("/language")
@signed_in
def choose_language() -> ResponseReturnValue:
    form = Form.read(LanguageInput, request.form)
    if not form.ok:
        sessions = queries.list_sessions(get_visitor().account_id)
        page = render_template(
            "identity/account.html", form=form, sessions=sessions, visitor=get_visitor(), form_errors=form.errors
        )
        return page, 422
    queries.set_language(get_visitor().account_id, form.values["language"])
    return redirect(url_for("identity.account"), 303)


@blueprint.post("/sessions/<uuid:session_id>/end")
@signed_in
def end_session(session_id: uuid.UUID) -> ResponseReturnValue:
    if not queries.end_session(get_visitor().account_id, session_id):
        abort(404)
    flash(gettext("That sign-in has ended."), "success")
    return redirect(url_for("identity.account"), 303)


@blueprint.post("/demo")
@public
@limiter.limit("60 per minute")
def demo_sign_in() -> ResponseReturnValue:
    """One click per role; exists in the demo only."""
    if current_app.config["HJELPA_MODE"] != "demo":
        abort(404)
    offered = {email for _, email in current_app.extensions["hjelpa_demo_sign_ins"]}
    form = Form.read(DemoSignInInput, request.form)
    email = form.values.get("email", "")
    account = queries.find_account(email) if email in offered else None
    if account is None:
        abort(404)
    return _enter(account.id, form)


def _enter(account_id: uuid.UUID, form: Form) -> ResponseReturnValue:
    """Begins a fresh session, ending the one this browser had, and goes where the person was heading."""
    target = form.values["next"]
    target = target if is_own_address(target) and queries.may_head_for(account_id, target) else "/"
    response = redirect(target.partition("#")[0] + TYPED if form.values["lost"] else target, 303)
    old = read_token()
    if old:
        queries.end_token(old)
    set_token(response, queries.open_session(account_id, describe_device(request.user_agent.string)))
    _renew_form_session()
    return response


def _renew_form_session() -> None:
    """A new secret for forms whenever the person at this browser changes; messages not yet shown stay."""
    waiting = session.get("_flashes")
    session.clear()
    if waiting:
        session["_flashes"] = waiting


def _sign_in_page(form: Form) -> str:
    sign_ins = current_app.extensions["hjelpa_demo_sign_ins"]
    ask_url = find_front_door(form.value("next"))
    return render_template(
        "identity/sign_in.html",
        form=form,
        form_errors=form.errors,
        sign_ins=sign_ins,
        guests=current_app.extensions["hjelpa_demo_guests"],
        ask_url=ask_url,
        demo_code=DEMO_CODE,
    )
