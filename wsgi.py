"""What a WSGI server loads: `gunicorn wsgi:app`."""

import os

from hjelpa.core.config import read_settings
from hjelpa.factory import create_app

app = create_app(read_settings(os.environ))
