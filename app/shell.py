"""What every page shows around its content: menus per role, the person, how they like to read."""

from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user

from app.accounts.entrance import current_sign_in
from app.accounts.roles import Role
from app.addresses import page_address
from app.audit import deed
from assessments.unitfile import Method

#: (words, endpoint) per role; the first is home. At most five.
MENUS: dict[Role | None, tuple[tuple[str, str], ...]] = {
    None: (
        ("About the scheme", "scheme.about"),
        ("Check a certificate", "accreditation.check_form"),
    ),
    Role.LEARNER: (
        ("Home", "scheme.home"),
        ("Manual", "learning.contents"),
        ("Practice", "roleplay.practice"),
        ("Portfolio", "portfolio.mine"),
        ("Supervision", "supervision.mine"),
    ),
    Role.MENTOR: (
        ("Home", "scheme.home"),
        ("Manual", "learning.contents"),
        ("Portfolio", "portfolio.mine"),
        ("Supervision", "supervision.mine"),
        ("Certificate", "accreditation.my_certificate"),
    ),
    Role.ROLE_PLAYER: (("Home", "scheme.home"), ("Role plays", "roleplay.practice")),
    Role.ASSESSOR: (
        ("Today", "scheme.home"),
        ("Role plays", "roleplay.practice"),
        ("Learners", "portfolio.learners"),
        ("Case library", "roleplay.cases"),
        ("Standard", "portfolio.standard"),
    ),
    Role.INTERNAL_VERIFIER: (
        ("Home", "scheme.home"),
        ("Sampling", "quality.sampling"),
        ("Actions", "quality.actions_due"),
        ("Standard", "portfolio.standard"),
    ),
    Role.EXTERNAL_VERIFIER: (("Home", "scheme.home"), ("Standard", "portfolio.standard")),
    Role.SUPERVISOR: (("My mentors", "scheme.home"), ("Logs", "supervision.mine")),
    Role.PANEL_MEMBER: (
        ("Home", "scheme.home"),
        ("Register", "accreditation.register"),
        ("Decisions", "accreditation.decisions"),
        ("Standard", "portfolio.standard"),
    ),
    Role.COMMISSIONER: (
        ("Home", "scheme.home"),
        ("Check a certificate", "accreditation.check_form"),
    ),
    Role.COORDINATOR: (
        ("Scheme", "scheme.home"),
        ("People", "accounts.people"),
        ("Role plays", "roleplay.practice"),
        ("Supervision", "supervision.agreements"),
        ("Register", "accreditation.register"),
    ),
}


METHODS = {method.value: method.label for method in Method}


def role_in_use() -> Role | None:
    """Return the role whose menus the person sees, or None for a stranger."""
    row = current_sign_in()
    return row.role_in_use if row is not None else None


def menu(role: Role | None) -> tuple[tuple[str, str, bool], ...]:
    """Return (words, address, whether the page is there) for each link of the menu."""
    return _menu(role, request.script_root, request.endpoint or "", request.path)


@lru_cache(maxsize=512)
def _menu(role: Role | None, root: str, here: str, path: str) -> tuple[tuple[str, str, bool], ...]:
    pages = current_app.view_functions
    links = [(words, page_address(to), to) for words, to in MENUS[role] if to in pages]
    exact = [to for _, _, to in links if to == here]
    inside = [to for _, address, to in links if address != "/" and path.startswith(address)]
    current = next(iter(exact or inside[-1:]), None)
    return tuple((words, address, to == current) for words, address, to in links)


def _around() -> dict[str, Any]:
    role = role_in_use()
    config = current_app.config
    return {
        "role_in_use": role.label if role else None,
        "role_now": role,
        "other_roles": [(one.value, one.label) for one in current_user.roles if one is not role],
        "navigation": menu(role) if role is None or role in MENUS else (),
        "reading": {"scheme": current_user.scheme, "text": current_user.text_size},
        "scheme_name": config["SCHEME_NAME"],
        "run_by": config["SCHEME_RUN_BY"],
        "help_line": config["HELP_LINE"],
        "Role": Role,
        "methods": METHODS,
    }


def init_app(app: Flask) -> None:
    """Give every template what stands around the page."""
    app.context_processor(_around)
    app.jinja_env.filters["deed"] = deed
