"""A site that is really served, and a real browser to look at it with.

A test module that needs them says ``from tests.live import chromium, live  # noqa: F401``.
"""

import shutil
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, sync_playwright
from werkzeug.serving import make_server

from app.accounts.models import User
from app.accounts.roles import Role
from tests.client import Browser

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    """The address of the test's own site, served on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # Closing waits for nobody: a browser may keep a connection open that it never uses.
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def chromium() -> Iterator[BrowserContext]:
    """A fresh browser without cookies: the size of the tablet that marks."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": 1024, "height": 768})
        context.set_default_timeout(8000)
        yield context
        context.close()
        browser.close()


def sign_in(
    context: BrowserContext, app: Flask, address: str, user: User, role: Role | None = None
) -> None:
    """Sign a person in, in this browser, without the form."""
    app_browser = Browser(app).sign_in(user, role)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = app_browser.client.get_cookie(name)
    if cookie is None:
        raise LookupError("the site set no cookie")
    context.add_cookies([{"name": name, "value": cookie.value, "url": address}])
