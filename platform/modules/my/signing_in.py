"""Coming in by a one-time code, and going out again."""

import uuid

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.limits import limiter
from hjelpa.core.permissions import own, public
from hjelpa.core.visitor import get_guest
from hjelpa.web.forms import Form
from modules.my import commands
from modules.my.queries import list_choices
from modules.my.rules import Problem
from modules.my.schemas import CodeInput, SignInInput
from tenants.guests.commands import change_access, end_session, open_session
from tenants.guests.cookies import clear_token, read_token, set_token
from tenants.guests.queries import find_access, list_beside
from tenants.guests.rules import read_address
from tenants.identity.rules import is_own_address
from tenants.identity.way_back import TYPED
from tenants.messages.transports import can_send

SAID: dict[Problem, object] = {
    "expired": _l("This code can no longer be used. Codes hold for ten minutes. Ask for a new one below."),
    "wrong": _l("This is not the code that we sent. Look at the latest message once more."),
    "too_many": _l("Too many tries. Ask for a new code below, or wait a quarter of an hour."),
}


def register(blueprint: Blueprint) -> None:
    """Puts the pages under the citizen's own address."""
    blueprint.add_url_rule("/sign-in", view_func=sign_in, methods=["GET"])
    blueprint.add_url_rule("/sign-in", view_func=ask, methods=["POST"])
    blueprint.add_url_rule("/code", view_func=code, methods=["GET"])
    blueprint.add_url_rule("/code", view_func=use, methods=["POST"])
    blueprint.add_url_rule("/demo", view_func=demo, methods=["POST"])
    blueprint.add_url_rule("/sign-out", view_func=sign_out, methods=["POST"])
    blueprint.add_url_rule("/choose", view_func=choose, methods=["GET"])
    blueprint.add_url_rule("/choose", view_func=chosen, methods=["POST"])


@public
def sign_in() -> ResponseReturnValue:
    said = {"next": _own_target(request.args.get("next", "")), "lost": request.args.get("lost", "")}
    return _sign_in_page(Form(SignInInput, initial=said))


@public
@limiter.limit("10 per minute; 60 per hour")
def ask() -> ResponseReturnValue:
    form = Form.read(SignInInput, request.form)
    to = read_address(form.values.get("address", ""), g.municipality.country)
    if form.ok and to is None:
        form.refuse("address", gettext("Write a phone number with eight digits, or an e-mail address"))
    if to is not None and not can_send(to.channel):
        form.refuse("address", say_nothing_sends(to.channel))
    if not form.ok or to is None:
        return _sign_in_page(form), 422
    asked = commands.ask_for_code(to.text)
    if asked is None:
        form.refuse("address", gettext("Too many codes have been asked for. Wait a quarter of an hour."))
        return _sign_in_page(form), 429
    heading, lost = _own_target(form.values["next"]) or None, form.values["lost"] or None
    return redirect(url_for("my.code", asked=asked, next=heading, lost=lost), 303)


@public
def code() -> ResponseReturnValue:
    said = {name: request.args.get(name, "") for name in ("asked", "next", "lost")}
    return _code_page(Form(CodeInput, initial=said))


@public
@limiter.limit("30 per minute")
def use() -> ResponseReturnValue:
    form = Form.read(CodeInput, request.form)
    if not form.ok:
        return _code_page(form), 422
    outcome = commands.use_code(_read_id(form.values["asked"]), form.values["code"])
    if isinstance(outcome, uuid.UUID):
        return _come_in(outcome, _own_target(form.values["next"]), lost=bool(form.values["lost"]))
    form.refuse("code", SAID[outcome])
    return _code_page(form), 429 if outcome == "too_many" else 422


@public
@limiter.limit("60 per minute")
def demo() -> ResponseReturnValue:
    """One click into the pages of an invented citizen; exists in the demo only."""
    if current_app.config["HJELPA_MODE"] != "demo":
        abort(404)
    offered = current_app.extensions["hjelpa_demo_guests"]
    access_id = next((id for _, slug, id in offered if slug == g.municipality.slug), None)
    access = find_access(access_id) if access_id is not None else None
    if access is None or access.withdrawn_at is not None:
        abort(404)
    return _come_in(access.id, "", lost=False)


@own
def sign_out() -> ResponseReturnValue:
    response = redirect(url_for("my.sign_in"), 303)
    end_session(read_token() or "")
    clear_token(response)
    session.clear()
    flash(gettext("You have left your pages. Nobody else can open them here now."), "success")
    return response


@own
def choose() -> ResponseReturnValue:
    """Somebody may have access to several people's pages by one address: two children's, or a child's and the own."""
    return render_template("my/choose.html", accesses=list_choices(get_guest().id), here=get_guest().id)


@own
def chosen() -> ResponseReturnValue:
    wanted = _read_id(request.form.get("access", ""))
    if change_access(read_token() or "", get_guest().id, wanted):
        return redirect(url_for("my.home"), 303)
    return redirect(url_for("my.choose"), 303)


def _come_in(access_id: uuid.UUID, target: str, *, lost: bool) -> ResponseReturnValue:
    """Begins a fresh session, ending the one this browser had, and goes where the person was heading."""
    several = len(list_beside(access_id)) > 1
    where = url_for("my.choose") if several else target or url_for("my.home")
    response = redirect(where.partition("#")[0] + TYPED if lost and not several else where, 303)
    old = read_token()
    if old:
        end_session(old)
    set_token(response, open_session(access_id))
    session.clear()
    return response


def _own_target(target: str) -> str:
    """An address to go on to, if it lies among this municipality's own pages; empty otherwise."""
    return target if is_own_address(target) and target.startswith(url_for("my.home")) else ""


def _read_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


def say_nothing_sends(channel: str) -> str:
    """That nothing is set up to send this way, and what to write instead."""
    if channel == "sms":
        return gettext("Text messages cannot be sent from here yet. Write an e-mail address instead.")
    return gettext("E-mail cannot be sent from here yet. Write a phone number instead.")


def _sign_in_page(form: Form) -> str:
    return render_template("my/sign_in.html", form=form, form_errors=form.errors)


def _code_page(form: Form) -> str:
    again = {name: form.value(name) or None for name in ("next", "lost")}
    return render_template("my/code.html", form=form, form_errors=form.errors, again=again)
