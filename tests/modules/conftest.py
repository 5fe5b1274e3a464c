"""Municipalities that many features' tests ask for."""

import pytest
from flask import Flask

from tests.people import Town, make_town


@pytest.fixture
def pair(app: Flask) -> Town:
    """A municipality with a second helper."""
    return make_town(app, extra_helpers=1)
