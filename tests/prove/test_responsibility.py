"""A long life of two municipalities, struck at random: nobody is let go of at any moment."""

import pytest
from flask import Flask

from hjelpa.core.config import Settings
from hjelpa.embedded import EmbeddedServers
from tests.modules.responsibility.test_life import live

pytestmark = pytest.mark.prove


def test_nobody_is_let_go_of_in_a_long_life(
    servers: EmbeddedServers, fresh_settings: Settings, fresh_app: Flask
) -> None:
    live(servers, fresh_settings, fresh_app, examples=80, steps=60)
