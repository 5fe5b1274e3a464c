"""Migrates and fills the demo's database: `python -m hjelpa.demo.prepare`, with the settings in the environment.

Every line on stdout is a JSON object for the supervisor: `say` is a sentence for the person who waits, `error` one
that says what to do, `sign_ins` the demo's people.
"""

import json
import os
import sys
import traceback

from sqlalchemy.exc import SQLAlchemyError

from hjelpa.core.config import read_settings
from hjelpa.core.migrate import current_revision, newest_revision, upgrade
from hjelpa.demo.people import SIGN_INS
from hjelpa.demo.seed import seed
from hjelpa.factory import create_app


def main() -> int:
    settings = read_settings(os.environ)
    try:
        if current_revision(settings) != newest_revision(settings):
            _say("Bringing the database up to date")
            upgrade(settings)
        app = create_app(settings)
        seed(app, _say)
    except (OSError, SQLAlchemyError) as error:
        traceback.print_exc()
        _tell("error", _sentence(error))
        return 1
    with app.app_context():
        _tell("sign_ins", [(str(person.label), person.email) for person in SIGN_INS])
    return 0


def _say(sentence: str) -> None:
    _tell("say", sentence)


def _tell(what: str, value: object) -> None:
    print(json.dumps({what: value}), flush=True)


def _sentence(error: Exception) -> str:
    if "No space left on device" in str(error):
        return "The disk is full: free at least one gigabyte and start again."
    return f"The demo data could not be made ({type(error).__name__}): delete the data folder and start again."


if __name__ == "__main__":
    sys.exit(main())
