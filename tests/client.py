"""A browser without a screen: it keeps its cookies, sends the CSRF token, and reads pages."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import SignIn, User
from app.accounts.queries import digest
from app.accounts.roles import Role


class Queries:
    """How many statements were sent since the last ``reset``."""

    def __init__(self) -> None:
        self.number = 0

    def count(self, *_: Any) -> None:
        """Count one."""
        self.number += 1

    def reset(self) -> None:
        """Begin again."""
        self.number = 0


class Browser:
    """One person's browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def sign_in(self, user: User, role: Role | None = None) -> "Browser":
        """Sign a person in, without the form."""
        token = secrets.token_urlsafe(16)
        now = datetime.now(UTC)
        with Session(self.app.extensions["engine"]) as session:
            session.add(
                SignIn(
                    token_digest=digest(token),
                    user_id=user.id,
                    began_at=now,
                    expires_at=now + timedelta(hours=1),
                    role_in_use=role or (user.roles[0] if user.roles else Role.LEARNER),
                )
            )
            session.commit()
        with self.client.session_transaction() as cookie:
            cookie["sign_in"] = token
        return self

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form with a right token."""
        token = self.client.get("/csrf-token").json["token"]
        return self.client.post(path, data={"csrf_token": token, **(data or {})}, **options)

    def post_json(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        """Send a form as a script does: fields in, JSON out."""
        return self.post(path, data, headers={"Accept": "application/json"})


def words(reply: TestResponse) -> str:
    """Return what a reader sees of a page: its text without tags, spaces tidied."""
    html = re.sub(r"(?s)<(script|style|svg).*?</\1>", " ", reply.get_data(as_text=True))
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()
