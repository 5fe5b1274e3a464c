"""`hjelpa plan`: whether a copy of a plan is as it was made. Needs no settings, no database and no network."""

import json
from base64 import b64decode
from pathlib import Path

import click

from hjelpa.commands._common import BadInput, say
from hjelpa.core.signing import find_kind, verify_file

LARGEST = 50 * 1024 * 1024


@click.group("plan")
def command() -> None:
    """Copies of plans that citizens have taken with them."""


@command.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key", default="", help="The public key that the copy must be signed with, from the platform's page."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def verify(context: click.Context, file: Path, key: str, as_json: bool) -> None:
    """Say whether FILE (HTML or PDF) is exactly as it was signed. Exit 0 valid, 1 not valid, 2 bad input."""
    content = _read(file)
    verdict = verify_file(content, trusted=_read_key(key))
    if as_json:
        click.echo(json.dumps({"valid": verdict.valid, "key": verdict.key}))
    if not verdict.key:
        say("Not valid: there is no signature, or something has been written after it.")
    elif not verdict.valid:
        say(
            f"Not valid: the file has been changed, or was signed by another than the key asked for ({verdict.key})."
        )
    else:
        say(f"Valid: unchanged since it was signed by {verdict.key}.")
        if not key:
            say("Compare this key with the one on the platform's own page, or give that one with --key.")
    context.exit(0 if verdict.valid else 1)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise BadInput(f"{file} is larger than any copy of a plan.")
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}).") from error
    if find_kind(content) is None:
        raise BadInput(f"{file} is neither a PDF nor an HTML file.")
    return content


def _read_key(text: str) -> str:
    try:
        if text and len(b64decode(text, validate=True)) != 32:
            raise ValueError
    except ValueError as error:
        raise BadInput("The key must be 44 characters, as it stands on the platform's page.") from error
    return text
