"""An application of its own database whose figures the tests decide, on a day that does not move."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from hjelpa.core.config import Settings
from tests.conftest import application
from tests.network.benchmarks.trial import Trial

TODAY = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def trial() -> Trial:
    return Trial()


@pytest.fixture
def network_app(fresh_settings: Settings, trial: Trial) -> Iterator[Flask]:
    with time_machine.travel(TODAY, tick=True):
        yield from application(fresh_settings, trial.features())
