"""The leader's figures as the page shows them: by heading, in the citizen's order, each with the list behind it."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException

from hjelpa.core.contract import LeaderFigure
from hjelpa.core.permissions import features, find_access, may
from hjelpa.core.visitor import get_seat


def list_groups() -> Sequence[tuple[str, Sequence[LeaderFigure]]]:
    """Headings with their figures; a heading stands where its first figure does."""
    on = features().enabled(get_seat().modules_off)
    sources = [(source, manifest) for manifest in on for source in manifest.figures if may(source.permission)]
    groups: dict[str, list[LeaderFigure]] = {}
    for source, manifest in sorted(sources, key=lambda pair: pair[0].order):
        found = [_openable(figure) for figure in source.figures()]
        if found:
            groups.setdefault(str(source.title or manifest.title), []).extend(found)
    return list(groups.items())


def _openable(figure: LeaderFigure) -> LeaderFigure:
    """The figure with its link, or without one that would only lead to a refusal."""
    return figure if figure.url is None or _may_open(figure.url) else replace(figure, url=None)


def _may_open(url: str) -> bool:
    try:
        endpoint, _ = current_app.url_map.bind("").match(urlsplit(url).path, "GET")
    except HTTPException:
        return False
    owner, declared = features().find_by_endpoint(endpoint), find_access(current_app, endpoint)
    if owner is None or declared is None or not features().is_on(owner.name, get_seat().modules_off):
        return False
    return declared.kind == "signed_in" or (declared.kind == "permission" and may(declared.permission))
