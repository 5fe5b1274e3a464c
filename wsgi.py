"""What a WSGI server loads: `gunicorn wsgi:app`."""

import os

from hjelpa.core.config import read_settings
from hjelpa.demo.people import SIGN_INS
from hjelpa.factory import create_app

app = create_app(read_settings(os.environ), sign_ins=[(person.label, person.email) for person in SIGN_INS])
