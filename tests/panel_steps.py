"""What panel members do at the site, for tests: plain functions over a browser."""

from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.accounts.roles import Role
from app.accreditation.models import PanelItem
from app.formats import today
from tests.client import Browser


def at(app: Flask, user: User) -> Browser:
    """Return a browser in which somebody is signed in."""
    return Browser(app).sign_in(user, Role.PANEL_MEMBER)


def boxes(name: str, day: Any) -> dict[str, str]:
    """Return the three boxes of a date."""
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def a_decision(**given: Any) -> dict[str, Any]:
    """Return what the chair sends to accredit."""
    return {
        "outcome": "accredit",
        "pathways": ["P2"],
        "age_from": "16",
        "age_to": "25",
        "languages": "English, Somali",
        "locality": "Tameford",
        "working": "solo",
        **boxes("valid_until", today() + timedelta(days=365)),
        "reasons": "You listened, and you held your ground kindly.",
        **given,
    }


def step(browser: Browser, item: PanelItem, name: str, **data: Any) -> TestResponse:
    """Send one step of an item."""
    return browser.post(f"/panel/items/{item.id}/{name}", data)


def takes_every_step(browser: Browser, item: PanelItem, vote: str = "for") -> None:
    """Take a member through the stages as a person would."""
    for name, data in (
        ("interests", {"answer": "no"}),
        ("suitability", {"view": "suitable", "reasons": "Steady and curious."}),
        ("results", {}),
        ("vote", {"vote": vote}),
    ):
        assert step(browser, item, name, **data).status_code == 303, name
