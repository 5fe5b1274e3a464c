"""What a web server loads: the demo's people with the demo only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hjelpa.core.config import Settings
from hjelpa.demo.people import SIGN_INS
from tests.hjelpa.test_doctor import environ_of

ROOT = Path(__file__).resolve().parents[2]
TELL = """
import importlib, sys
app = importlib.import_module(sys.argv[1]).app
print(len(app.extensions["hjelpa_demo_sign_ins"]), any(name.startswith("hjelpa.demo") for name in sys.modules))
"""


@pytest.mark.parametrize(("module", "told"), [("wsgi", "0 False"), ("hjelpa.demo.wsgi", f"{len(SIGN_INS)} True")])
def test_the_demos_people_come_with_the_demo_only(settings: Settings, module: str, told: str) -> None:
    environ = os.environ | environ_of(settings)
    environ |= {"HJELPA_MODE": "demo", "HJELPA_DATA_DIR": str(settings.data_dir)}
    loaded = subprocess.run(
        [sys.executable, "-c", TELL, module], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert loaded.stdout.strip() == told, loaded.stderr
