"""The components as names that every template knows: `ui`, `forms`, `buttons`, `tables`, `charts`, `scales`, `icons`, `frame`.

Loaded once when the application starts. Imported by each template instead, they would be looked up anew for every
page, which took a tenth of its time.
"""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment

# Each may use those before it.
COMPONENTS = ("icons", "buttons", "tables", "ui", "forms", "charts", "scales", "frame")

# Parts that follow from their arguments alone (a Shell says its language), so that they are written once and kept:
# the frame around a page is most of its HTML and hardly ever differs from the last time. What holds a form's token
# must not stand here.
KEPT = {"icons": ("icon", "sign"), "frame": ("brand", "places", "navigation", "help", "footer", "languages")}
MOST_KEPT = 2000


def install_components(environment: Environment) -> None:
    """Needs the texts (`gettext`), `static_url` and `csrf_token` to be installed already."""
    for name in COMPONENTS:
        module = environment.get_template(f"components/{name}.html").module
        environment.globals[name] = _keeping(module, KEPT.get(name, ()))


def _keeping(module: Any, names: tuple[str, ...]) -> Any:
    macros = {name: macro for name, macro in vars(module).items() if callable(macro)}
    return SimpleNamespace(**macros | {name: lru_cache(MOST_KEPT)(macros[name]) for name in names})
