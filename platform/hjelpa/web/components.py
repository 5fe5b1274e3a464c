"""The components as names that every template knows: `ui`, `forms`, `buttons`, `tables`, `charts`, `scales`, `icons`, `frame`.

Loaded once when the application starts. Imported by each template instead, they would be looked up anew for every
page, which took a tenth of its time.
"""

from jinja2 import Environment

# Each may use those before it.
COMPONENTS = ("icons", "buttons", "tables", "ui", "forms", "charts", "scales", "frame")


def install_components(environment: Environment) -> None:
    """Needs the texts (`gettext`), `static_url` and `csrf_token` to be installed already."""
    for name in COMPONENTS:
        environment.globals[name] = environment.get_template(f"components/{name}.html").module
