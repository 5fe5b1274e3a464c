"""`hjelpa feedback`: figures from a file of sessions. Needs no settings, no database and no network."""

import gc
import json
import os
from pathlib import Path
from typing import Any

import click

from modules.feedback.metrics.document import make_document
from modules.feedback.metrics.reading import MOST_PROBLEMS, read_courses
from modules.feedback.metrics.scale import OWN, ScaleRules
from modules.feedback.metrics.scale_file import ScaleError, read_scale

LARGEST_SCALE = 1024 * 1024
_FILE = click.Path(path_type=Path)


class Refused(click.ClickException):
    """Bad input; exit code 2. Loads nothing of the platform, so that the command starts at once."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


@click.group("feedback")
def command() -> None:
    """Figures on what citizens answer on the scales."""


@command.command("compute")
@click.option("--input", "source", type=_FILE, required=True, help="The sessions, CSV or XLSX.")
@click.option("--output", type=_FILE, help="Where to write the figures, as JSON.")
@click.option("--scale", type=_FILE, help="Rules of another outcome scale, TOML or JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def compute(source: Path, output: Path | None, scale: Path | None, as_json: bool) -> None:
    """Work out every figure from a file of sessions. Exit 0 done, 2 bad input, of which nothing is written.

    docs/formats.md describes the files and every formula.
    """
    if output is None and not as_json:
        raise Refused("Say where to write the figures with --output, or print them with --json.")
    if output is not None and _same(output, source, scale):
        raise Refused(f"{output} would be written over what is read.")
    # Millions of rows make millions of objects, all of them in use: looking for rubbish among them finds none.
    gc.disable()
    rules = _read_rules(scale) if scale else OWN
    for name in rules.unused():
        click.echo(f"{name} is not verified, so it is not used.", err=True)
    document = _read_figures(source, rules)
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if output is not None:
        _write(output, text)
    if as_json:
        click.echo(text, nl=False)


def _read_rules(scale: Path) -> ScaleRules:
    try:
        with scale.open("rb") as stream:
            content = stream.read(LARGEST_SCALE)
    except OSError as error:
        raise Refused(f"{scale} cannot be read ({error.strerror}).") from error
    try:
        return read_scale(content)
    except ScaleError as error:
        raise Refused(f"line {error.line}: {error}") from error


def _read_figures(source: Path, rules: ScaleRules) -> dict[str, Any]:
    try:
        with source.open("rb") as stream:
            reading = read_courses(stream, rules)
    except OSError as error:
        raise Refused(f"{source} cannot be read ({error.strerror}).") from error
    if reading.problems:
        more = [f"Only the first {MOST_PROBLEMS} are told."] if len(reading.problems) == MOST_PROBLEMS else []
        raise Refused("\n".join([*map(str, reading.problems), *more]))
    return make_document(reading.records, rules)


def _same(output: Path, *sources: Path | None) -> bool:
    return any(_is_one(output, source) for source in sources if source)


def _is_one(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _write(output: Path, text: str) -> None:
    """All of it or nothing: written beside, and put in place at the end."""
    place = Path(os.path.realpath(output))
    if place.exists() and not place.is_file():
        raise Refused(f"{output} is not a file that can be written.")
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with beside.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except OSError as error:
        raise Refused(f"{output} cannot be written ({error.strerror}).") from error
    finally:
        beside.unlink(missing_ok=True)
