"""The demo in a real browser: seeded once, served on loopback, looked at in Chromium."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.demo.people import SIGN_INS
from hjelpa.demo.seed import seed
from hjelpa.factory import create_app
from hjelpa.web.assets import build_assets, install_packages

HJELPA = Path(sys.executable).with_name("hjelpa")
ROOT = Path(__file__).parent.parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}


def find_chromium() -> str | None:
    """The system's Chromium, or None for playwright's own."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@dataclass
class Site:
    """A running demo: its application, its address, and what went wrong in the browser."""

    app: Flask
    url: str


@pytest.fixture(scope="session")
def site(copy_database: Callable[[], Settings]) -> Iterator[Site]:
    build_assets(ROOT, lambda line: None)
    install_packages(ROOT, lambda line: None)
    settings = replace(copy_database(), mode="demo")
    app = create_app(settings, sign_ins=SIGN_INS)
    seed(app, lambda line: None)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    app.extensions["hjelpa_redis"].close()


@pytest.fixture
def at_work(site: Site) -> Iterator[None]:
    """The worker and the dispatcher, as processes of their own on the site's database."""
    settings = site.app.extensions["hjelpa_settings"]
    environment = {
        **os.environ,
        "HJELPA_MODE": "demo",
        "HJELPA_DATA_DIR": str(settings.data_dir),
        "HJELPA_DATABASE_URL": settings.database_url,
        "HJELPA_REDIS_URL": settings.redis_url,
        "HJELPA_SECRET_KEY": settings.secret_key,
    }
    processes = [
        subprocess.Popen([HJELPA, name], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name in ("worker", "scheduler")
    ]
    yield
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield running
        running.close()


@dataclass
class Window:
    """One person's browser window; `problems` are console errors and refusals by the content security policy."""

    context: BrowserContext
    page: Page
    url: str
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.url + path, wait_until="load")

    def resize(self, size: str) -> None:
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[Callable[[str | None], Window]]:
    """Opens a window, signed in by one click as the demo's person with that address, or as nobody."""
    opened: list[Window] = []

    def open_as(email: str | None) -> Window:
        context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", reduced_motion="reduce")
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI))"
        )
        page = context.new_page()
        made = Window(context, page, site.url)
        page.on("console", lambda message: _note(made, message))
        page.on("pageerror", lambda error: made.problems.append(f"page error: {error}"))
        page.set_default_timeout(15_000)
        opened.append(made)
        if email is not None:
            made.open("/account/sign-in")
            page.locator(f'form:has(input[value="{email}"]) button').click()
            page.wait_for_load_state()
        return made

    yield open_as
    for made in opened:
        made.context.close()


def _note(window: Window, message: ConsoleMessage) -> None:
    # A refused form is a 4xx that the browser writes as an error; the page itself says what is wrong.
    if message.type == "error" and "status of 4" not in message.text:
        window.problems.append(message.text)
