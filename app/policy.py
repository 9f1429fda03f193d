"""Who may do what: the page to read at an audit."""

from collections.abc import Callable
from enum import StrEnum, auto
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app
from flask_login import current_user

from app.accounts.models import User
from app.accounts.roles import Role

Predicate = Callable[[User, Any], bool]
PUBLIC = "public"


class Can(StrEnum):
    """Everything that a page may ask leave for."""

    SIGNED_IN = auto()
    KEEP_OWN_ACCOUNT = auto()
    MANAGE_PEOPLE = auto()
    READ_OUTBOX = auto()
    READ_AUDIT = auto()
    CHANGE_SETTINGS = auto()
    READ_MANUAL = auto()
    READ_STANDARD = auto()
    LEARN = auto()
    PREVIEW_CONTENT = auto()
    ANSWER_REMARKS = auto()
    SEE_OWN_PORTFOLIO = auto()
    SEE_PORTFOLIO = auto()
    SEE_CRITERION = auto()
    SEE_PORTFOLIO_LIST = auto()
    ALLOCATE = auto()
    READ_EVIDENCE = auto()
    ADD_TO_EVIDENCE = auto()
    JUDGE_PORTFOLIO = auto()
    JUDGE_AGAIN = auto()
    BOOK_ROLE_PLAYS = auto()
    SEE_ROLE_PLAYS = auto()
    SEE_ROLE_PLAY = auto()
    READ_CASES = auto()
    READ_LEARNER_BRIEF = auto()
    READ_PLAYER_BRIEF = auto()
    READ_ASSESSOR_GUIDE = auto()
    MARK_ROLE_PLAY = auto()
    SETTLE_ROLE_PLAY = auto()
    READ_RESULT = auto()
    VERIFY = auto()
    VERIFY_JUDGEMENT = auto()
    SEE_RETURNED_WORK = auto()
    MANAGE_SUPERVISION = auto()
    USE_SUPERVISION = auto()
    READ_AGREEMENT = auto()
    READ_LOG = auto()
    READ_REGISTER = auto()
    READ_RECORD = auto()
    READ_OWN_RECORD = auto()
    RECORD_FACTS_ON = auto()
    READ_PANEL_ITEM = auto()
    TAKE_PANEL_ITEM = auto()
    SET_PANEL_SEATS = auto()
    CHAIR_PANEL_ITEM = auto()
    MAKE_PANEL_ITEMS = auto()
    SUSPEND = auto()
    READ_OWN_CERTIFICATE = auto()
    READ_CERTIFICATE = auto()


def signed_in(user: User, thing: Any) -> bool:
    """Everybody with an open account."""
    return True


def has(*roles: Role) -> Predicate:
    """Whoever holds one of the roles now."""
    return lambda user, thing: user.holds(*roles)


def owns(user: User, thing: Any) -> bool:
    """The person whose record it is."""
    return bool(thing.person_id == user.id)


def either(*predicates: Predicate) -> Predicate:
    """Whoever one of the predicates lets in."""
    return lambda user, thing: any(one(user, thing) for one in predicates)


def its_learner(user: User, booking: Any) -> bool:
    """A learner of this role play."""
    return user.id in booking.learner_ids


def its_player(user: User, booking: Any) -> bool:
    """The role player of this role play."""
    return bool(booking.role_player_id == user.id)


def its_assessor(user: User, thing: Any) -> bool:
    """One of the assessors of this role play, or allocated to this learner; while an assessor."""
    return user.id in thing.assessor_ids and user.holds(Role.ASSESSOR)


def judges_again(user: User, thing: Any) -> bool:
    """Somebody to whom a verifier returned a decision on it, allocated still or not."""
    return user.id in thing.returned_to and user.holds(Role.ASSESSOR)


def its_mentor(user: User, agreement: Any) -> bool:
    """The mentor of this supervision agreement."""
    return bool(agreement.mentor_id == user.id)


def its_supervisor(user: User, agreement: Any) -> bool:
    """The supervisor of this agreement, while still a supervisor."""
    return bool(agreement.supervisor_id == user.id) and user.holds(Role.SUPERVISOR)


def not_about_oneself(user: User, thing: Any) -> bool:
    """Anybody but the person whom it concerns."""
    return bool(thing.person_id != user.id)


def both(*predicates: Predicate) -> Predicate:
    """Whoever all of the predicates let in."""
    return lambda user, thing: all(one(user, thing) for one in predicates)


LEARNING = has(Role.LEARNER, Role.MENTOR)
STAFF = has(Role.ASSESSOR, Role.INTERNAL_VERIFIER, Role.PANEL_MEMBER, Role.COORDINATOR)
COORDINATING = has(Role.COORDINATOR)

POLICY: dict[Can, Predicate] = {
    Can.SIGNED_IN: signed_in,
    Can.KEEP_OWN_ACCOUNT: signed_in,
    Can.MANAGE_PEOPLE: COORDINATING,
    Can.READ_OUTBOX: COORDINATING,
    Can.READ_AUDIT: COORDINATING,
    Can.CHANGE_SETTINGS: COORDINATING,
    Can.READ_MANUAL: signed_in,
    Can.READ_STANDARD: signed_in,
    Can.LEARN: signed_in,
    Can.PREVIEW_CONTENT: COORDINATING,
    Can.ANSWER_REMARKS: COORDINATING,
    Can.SEE_OWN_PORTFOLIO: LEARNING,
    # The thing is the learner's registration, or something in it. An assessor sees own learners:
    # the thing names the assessors who are allocated now.
    Can.SEE_PORTFOLIO: either(owns, its_assessor, has(Role.INTERNAL_VERIFIER)),
    # One criterion, or evidence towards it: also for whoever has to judge it again.
    Can.SEE_CRITERION: either(owns, its_assessor, has(Role.INTERNAL_VERIFIER), judges_again),
    # An assessor's list holds own learners only: the page sees to it.
    Can.SEE_PORTFOLIO_LIST: has(Role.ASSESSOR, Role.INTERNAL_VERIFIER, Role.COORDINATOR),
    Can.READ_EVIDENCE: either(owns, its_assessor, has(Role.INTERNAL_VERIFIER), judges_again),
    Can.ADD_TO_EVIDENCE: both(LEARNING, owns),
    Can.JUDGE_PORTFOLIO: both(either(its_assessor, judges_again), not_about_oneself),
    # The thing is the decision: whoever made it finds the way to where it is made again.
    Can.JUDGE_AGAIN: both(its_assessor, not_about_oneself),
    Can.ALLOCATE: both(COORDINATING, not_about_oneself),
    Can.BOOK_ROLE_PLAYS: COORDINATING,
    Can.SEE_ROLE_PLAYS: has(
        Role.LEARNER, Role.MENTOR, Role.ROLE_PLAYER, Role.ASSESSOR, Role.COORDINATOR
    ),
    Can.READ_CASES: has(
        Role.LEARNER, Role.MENTOR, Role.ROLE_PLAYER, Role.ASSESSOR, Role.COORDINATOR
    ),
    # The thing is the booking.
    Can.SEE_ROLE_PLAY: either(its_learner, its_player, its_assessor, COORDINATING),
    Can.READ_LEARNER_BRIEF: either(its_learner, its_assessor),
    Can.READ_PLAYER_BRIEF: its_player,
    Can.READ_ASSESSOR_GUIDE: its_assessor,
    Can.MARK_ROLE_PLAY: its_assessor,
    Can.SETTLE_ROLE_PLAY: its_assessor,
    Can.READ_RESULT: either(its_learner, its_assessor),
    Can.VERIFY: has(Role.INTERNAL_VERIFIER),
    Can.VERIFY_JUDGEMENT: has(Role.INTERNAL_VERIFIER),
    Can.SEE_RETURNED_WORK: has(Role.INTERNAL_VERIFIER, Role.ASSESSOR),
    Can.MANAGE_SUPERVISION: COORDINATING,
    Can.USE_SUPERVISION: has(Role.LEARNER, Role.MENTOR, Role.SUPERVISOR),
    Can.READ_AGREEMENT: either(its_mentor, its_supervisor, COORDINATING),
    Can.READ_LOG: either(its_mentor, its_supervisor),
    Can.READ_REGISTER: has(Role.PANEL_MEMBER, Role.COORDINATOR),
    # The thing is the mentor's record.
    Can.READ_RECORD: has(Role.PANEL_MEMBER, Role.COORDINATOR),
    Can.READ_OWN_RECORD: LEARNING,
    # Never on oneself: the page sees to it, as it knows of whom.
    Can.RECORD_FACTS_ON: COORDINATING,
    Can.SUSPEND: both(has(Role.COORDINATOR, Role.PANEL_MEMBER), not_about_oneself),
    Can.MAKE_PANEL_ITEMS: has(Role.PANEL_MEMBER, Role.COORDINATOR),
    # A coordinator reads the decision alone.
    Can.READ_PANEL_ITEM: has(Role.PANEL_MEMBER, Role.COORDINATOR),
    Can.TAKE_PANEL_ITEM: has(Role.PANEL_MEMBER),
    Can.SET_PANEL_SEATS: COORDINATING,
    Can.CHAIR_PANEL_ITEM: has(Role.PANEL_MEMBER),
    Can.READ_OWN_CERTIFICATE: LEARNING,
    Can.READ_CERTIFICATE: either(owns, has(Role.PANEL_MEMBER, Role.COORDINATOR)),
}


class SilentRoute(Exception):
    """A page says nothing about who may open it, so the site does not start."""


def permits(user: Any, can: Can, thing: Any = None) -> bool:
    """Return whether the person may do it to the thing. Nobody may who is not signed in."""
    return bool(user.is_authenticated) and POLICY[can](user, thing)


def needs(can: Can, on: Callable[..., Any] | None = None) -> Callable[[Any], Any]:
    """Guard a page. ``on`` turns the address's values into the thing, or answers 404."""

    def guard(view: Any) -> Any:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            thing = on(**values) if on else None
            if not permits(current_user, can, thing):
                # A stranger need not learn that the thing exists.
                abort(404 if on else 403)
            return view(thing) if on else view(**values)

        guarded.policy = can  # type: ignore[attr-defined]
        return guarded

    return guard


def public(view: Any) -> Any:
    """Mark a page that anybody may open."""
    view.policy = PUBLIC
    return view


def check_every_route(app: Flask) -> None:
    """Raise SilentRoute for a page without a policy, and make ``permits`` known to templates."""
    app.view_functions["static"] = public(app.view_functions["static"])
    for endpoint, view in app.view_functions.items():
        if not hasattr(view, "policy"):
            raise SilentRoute(f"{endpoint} needs @needs(...) or @public")
    app.jinja_env.globals.update(permits=permits, Can=Can)
