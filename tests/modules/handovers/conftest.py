"""Municipalities that hand over to one another."""

import pytest
from flask import Flask

from tests.people import Town, make_town


@pytest.fixture
def sender(app: Flask) -> Town:
    return make_town(app)


@pytest.fixture
def receiver(app: Flask) -> Town:
    return make_town(app, extra_helpers=1)


@pytest.fixture
def third(app: Flask) -> Town:
    return make_town(app)
