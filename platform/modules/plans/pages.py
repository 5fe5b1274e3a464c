"""The pages of a plan that helpers and guests share, in one table: each blueprint registers them with its own access."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue

from modules.plans import views, views_parts
from modules.plans.place import Opened

View = Callable[..., ResponseReturnValue]


class Page(NamedTuple):
    """One page of the plan: its address, what it is called with GET and with POST, and the view with its arguments."""

    rule: str
    shown: str | None
    sent: str | None
    view: Callable[..., ResponseReturnValue]
    arguments: tuple[str, ...] = ()


PAGES = (
    Page("/canvas", "canvas", None, views.canvas),
    Page("/canvas/<uuid:area_id>", "area", "save_area", views.area, ("area_id",)),
    Page("/canvas/new", "heading", "add_heading", views.heading),
    Page("/matters", "matters", "save_matters", views.matters),
    Page("/history", "history", None, views.history),
    Page("/evaluate", "evaluate", "save_evaluation", views_parts.evaluate),
    Page(
        "/measures/<uuid:part_id>/evaluate",
        "evaluate_measure",
        "save_measure_evaluation",
        views_parts.evaluate,
        ("part_id",),
    ),
    Page("/goals/<uuid:part_id>/way", "progress", "save_progress", views_parts.progress, ("part_id",)),
    Page("/agreements/<uuid:part_id>/done", None, "set_done", views_parts.set_done, ("part_id",)),
    Page("/<kind>/new", "new_part", "add_part", views_parts.add, ("kind",)),
    Page("/<kind>/<uuid:part_id>", "change_part", "save_part", views_parts.change, ("kind", "part_id")),
)


def register(
    blueprint: Blueprint,
    prefix: str,
    open_plan: Callable[..., Opened],
    *,
    reading: Callable[[View], View],
    writing: Callable[[View], View],
) -> None:
    """Adds every page below `prefix`, whose own arguments `open_plan` gets.

    A page that nothing is sent to is declared with `reading`, any other with `writing`.
    """
    for page in PAGES:
        view = (writing if page.sent else reading)(_view(page, open_plan))
        for endpoint, method in ((page.shown, "GET"), (page.sent, "POST")):
            if endpoint is not None:
                blueprint.add_url_rule(prefix + page.rule, endpoint, view, methods=[method])


def _view(page: Page, open_plan: Callable[..., Opened]) -> View:
    def view(**found: Any) -> ResponseReturnValue:
        own = [found.pop(name) for name in page.arguments]
        return page.view(open_plan(**found), *own)

    return view
