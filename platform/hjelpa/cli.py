"""The command `hjelpa`. Messages go to stderr; exit 0 done, 1 failed or not valid, 2 bad input."""

import pkgutil
from importlib import import_module

import click

from hjelpa import commands


class Commands(click.Group):
    """Finds commands by their modules and loads only the one that is asked for: `hjelpa demo` starts at once."""

    def list_commands(self, context: click.Context) -> list[str]:
        found = [module.name for module in pkgutil.iter_modules(commands.__path__)]
        return sorted(name for name in found if not name.startswith("_"))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        command = import_module(f"{commands.__name__}.{name}").command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Hjelpa: a platform for the municipalities of the Hjelpa network."""


if __name__ == "__main__":
    main()
