"""Receipts: the next page tells the browser which form was received, so that it forgets what it kept of it."""

from typing import Any

from flask import Flask, message_flashed, request, session

KEY = "received"


def init_receipts(app: Flask) -> None:
    """A message of success on a POST is the receipt; sign-in pages and refusals carry none."""
    message_flashed.connect(_note, app)
    app.jinja_env.globals["take_receipt"] = take_receipt


def _note(app: Flask, *, category: str, **about: Any) -> None:
    if category == "success" and request.method == "POST":
        give_receipt()


def give_receipt() -> None:
    """For a form whose next page says itself that it was received, so that no message is flashed."""
    session[KEY] = request.path


def take_receipt() -> str:
    """The path of the form that was just received, once; empty otherwise."""
    return str(session.pop(KEY, ""))
