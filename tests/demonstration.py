"""The demonstration scheme, served: loaded once for each worker, copied for each module.

A test module that needs it says
``from tests.demonstration import demo, demo_template  # noqa: F401``.
"""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app import create_app
from app.accounts.models import User
from app.supervision.models import Agreement, SessionLog
from tests.conftest import a_config
from tests.live import sign_in
from tests.servers import Databases


class Demo:
    """The served site with the demonstration in it."""

    def __init__(self, app: Flask, address: str) -> None:
        self.app, self.address = app, address

    def user(self, key: str) -> User:
        """Return one of its people."""
        with Session(self.app.extensions["engine"]) as session:
            query = select(User).where(User.email == f"{key}@example.org")
            user = session.scalars(query).one()
            _ = user.roles
            session.expunge_all()
            return user

    def log_of(self, key: str) -> int:
        """Return the latest supervision log of a mentor."""
        with Session(self.app.extensions["engine"]) as session:
            query = (
                select(SessionLog.id)
                .join(Agreement)
                .where(Agreement.mentor_id == self.user(key).id)
                .order_by(SessionLog.id.desc())
                .limit(1)
            )
            return session.scalars(query).one()

    def page(self, browser: Browser, key: str | None, **options: object) -> Page:
        """Return an empty page in a browser of its own, signed in as somebody."""
        context: BrowserContext = browser.new_context(**options)
        context.set_default_timeout(15_000)
        if key:
            sign_in(context, self.app, self.address, self.user(key))
        return context.new_page()


@pytest.fixture(scope="session")
def demo_template(databases: Databases, template: str) -> Iterator[str]:
    """A database with the demonstration scheme in it."""
    with databases.fresh(template) as url:
        made = create_app(a_config(url))
        result = made.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.output
        made.extensions["engine"].dispose()
        yield url


@pytest.fixture(scope="module")
def demo(databases: Databases, demo_template: str) -> Iterator[Demo]:
    """A site over a copy of it, served on a free port."""
    server = make_server("127.0.0.1", 0, Flask("not yet"), threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    with databases.fresh(demo_template) as url:
        made = create_app(a_config(url, BASE_URL=address))
        server.app = made
        server.daemon_threads, server.block_on_close = True, False
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Demo(made, address)
        server.shutdown()
        thread.join()
        server.server_close()
        made.extensions["engine"].dispose()
