"""Files that are sent: a view says how large they may be, and everything else stays as small as a form."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(most: int) -> Callable[[View], View]:
    """A view that takes files of so many bytes altogether; declared like access, beside it."""

    def declare(view: View) -> View:
        view.__hjelpa_most_bytes__ = most  # type: ignore[attr-defined]  # read again for each request
        return view

    return declare


def init_uploads(app: Flask) -> None:
    """To be called after the gate, so that a stranger's file is refused unread, and before anything reads forms."""

    @app.before_request
    def allow() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        most = getattr(view, "__hjelpa_most_bytes__", None)
        if most is not None:
            request.max_content_length = most
