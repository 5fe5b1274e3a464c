"""What the demo's web server loads: the application with the demo's people to sign in as."""

import os

from hjelpa.core.config import read_settings
from hjelpa.demo.citizen import GUESTS
from hjelpa.demo.people import SIGN_INS
from hjelpa.factory import create_app

app = create_app(read_settings(os.environ), sign_ins=SIGN_INS, guests=GUESTS)
