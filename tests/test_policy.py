"""Who may do what: the table itself, row by row, and every page as every role."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.accounts.entrance import Anonymous
from app.accounts.roles import Role
from app.policy import POLICY, PUBLIC, Can, SilentRoute, check_every_route, permits
from tests.addresses import address, pages
from tests.client import Browser
from tests.factories import a_user


@dataclass(frozen=True)
class Somebody:
    """A person as the table sees one."""

    id: int
    roles: tuple[Role, ...] = field(default=())
    is_authenticated = True

    def holds(self, *roles):
        return any(role in self.roles for role in roles)


PEOPLE = {
    "owner": Somebody(1, (Role.LEARNER,)),
    "other learner": Somebody(2, (Role.LEARNER,)),
    "other mentor": Somebody(3, (Role.MENTOR,)),
    "player": Somebody(4, (Role.ROLE_PLAYER,)),
    "other player": Somebody(5, (Role.ROLE_PLAYER,)),
    "assessor": Somebody(6, (Role.ASSESSOR,)),
    "other assessor": Somebody(7, (Role.ASSESSOR,)),
    "former assessor": Somebody(6),
    "assessor of before": Somebody(15, (Role.ASSESSOR,)),
    "verifier": Somebody(8, (Role.INTERNAL_VERIFIER,)),
    "external verifier": Somebody(9, (Role.EXTERNAL_VERIFIER,)),
    "supervisor": Somebody(10, (Role.SUPERVISOR,)),
    "other supervisor": Somebody(11, (Role.SUPERVISOR,)),
    "former supervisor": Somebody(10),
    "panel member": Somebody(12, (Role.PANEL_MEMBER,)),
    "commissioner": Somebody(13, (Role.COMMISSIONER,)),
    "coordinator": Somebody(14, (Role.COORDINATOR,)),
    "signed out": Anonymous(),
}
#: A registration, a booking, a sheet, an agreement and a record in one.
THING = SimpleNamespace(
    person_id=1,
    learner_ids={1},
    role_player_id=4,
    assessor_ids={6},
    #: Somebody whose allocation ended, and to whom a decision was returned.
    returned_to={15},
    assessor_id=6,
    mentor_id=1,
    supervisor_id=10,
)
EVERYBODY = set(PEOPLE) - {"signed out"}
LEARNERS = {"owner", "other learner", "other mentor"}
ASSESSORS = {"assessor", "other assessor", "assessor of before"}
PLAYERS = {"player", "other player"}
SUPERVISORS = {"supervisor", "other supervisor"}
COORDINATOR, PANEL, VERIFIER = {"coordinator"}, {"panel member"}, {"verifier"}
#: Written by hand, from the product's table of people, not from the code.
EXPECTED = {
    Can.SIGNED_IN: EVERYBODY,
    Can.KEEP_OWN_ACCOUNT: EVERYBODY,
    Can.MANAGE_PEOPLE: COORDINATOR,
    Can.READ_OUTBOX: COORDINATOR,
    Can.READ_AUDIT: COORDINATOR,
    Can.CHANGE_SETTINGS: COORDINATOR,
    Can.READ_MANUAL: EVERYBODY,
    Can.READ_STANDARD: EVERYBODY,
    Can.LEARN: EVERYBODY,
    Can.PREVIEW_CONTENT: COORDINATOR,
    Can.ANSWER_REMARKS: COORDINATOR,
    Can.SEE_OWN_PORTFOLIO: LEARNERS,
    Can.SEE_PORTFOLIO: {"owner", "assessor"} | VERIFIER,
    Can.SEE_CRITERION: {"owner", "assessor", "assessor of before"} | VERIFIER,
    Can.SEE_PORTFOLIO_LIST: ASSESSORS | VERIFIER | COORDINATOR,
    Can.ALLOCATE: COORDINATOR,
    Can.READ_EVIDENCE: {"owner", "assessor", "assessor of before"} | VERIFIER,
    Can.ADD_TO_EVIDENCE: {"owner"},
    Can.JUDGE_PORTFOLIO: {"assessor", "assessor of before"},
    Can.JUDGE_AGAIN: {"assessor"},
    Can.BOOK_ROLE_PLAYS: COORDINATOR,
    Can.SEE_ROLE_PLAYS: LEARNERS | PLAYERS | ASSESSORS | COORDINATOR,
    Can.SEE_ROLE_PLAY: {"owner", "player", "assessor"} | COORDINATOR,
    Can.READ_CASES: LEARNERS | PLAYERS | ASSESSORS | COORDINATOR,
    Can.READ_LEARNER_BRIEF: {"owner", "assessor"},
    Can.READ_PLAYER_BRIEF: {"player"},
    Can.READ_ASSESSOR_GUIDE: {"assessor"},
    Can.MARK_ROLE_PLAY: {"assessor"},
    Can.SETTLE_ROLE_PLAY: {"assessor"},
    Can.READ_RESULT: {"owner", "assessor"},
    Can.VERIFY: VERIFIER,
    Can.VERIFY_JUDGEMENT: VERIFIER,
    Can.SEE_RETURNED_WORK: VERIFIER | ASSESSORS,
    Can.MANAGE_SUPERVISION: COORDINATOR,
    Can.USE_SUPERVISION: LEARNERS | SUPERVISORS,
    Can.READ_AGREEMENT: {"owner", "supervisor"} | COORDINATOR,
    Can.READ_LOG: {"owner", "supervisor"},
    Can.READ_REGISTER: PANEL | COORDINATOR,
    Can.READ_RECORD: PANEL | COORDINATOR,
    Can.READ_OWN_RECORD: LEARNERS,
    Can.RECORD_FACTS_ON: COORDINATOR,
    Can.SUSPEND: PANEL | COORDINATOR,
    Can.MAKE_PANEL_ITEMS: PANEL | COORDINATOR,
    Can.READ_PANEL_ITEM: PANEL | COORDINATOR,
    Can.TAKE_PANEL_ITEM: PANEL,
    Can.SET_PANEL_SEATS: COORDINATOR,
    Can.CHAIR_PANEL_ITEM: PANEL,
    Can.READ_OWN_CERTIFICATE: LEARNERS,
    Can.READ_CERTIFICATE: {"owner"} | PANEL | COORDINATOR,
}


class TestTheTable:
    def test_it_has_a_row_for_everything_that_a_page_may_ask(self):
        assert set(POLICY) == set(Can) == set(EXPECTED)

    @pytest.mark.parametrize("can", list(Can))
    def test_each_row_lets_in_exactly_those_meant(self, can):
        allowed = {name for name, person in PEOPLE.items() if permits(person, can, THING)}

        assert allowed == EXPECTED[can]

    def test_nobody_judges_or_suspends_themselves(self):
        everything = Somebody(1, tuple(Role))
        allocated = SimpleNamespace(**{**vars(THING), "assessor_ids": {1}, "returned_to": {1}})

        for can in (Can.JUDGE_PORTFOLIO, Can.JUDGE_AGAIN, Can.SUSPEND, Can.ALLOCATE):
            assert not permits(everything, can, allocated)

    def test_a_coordinator_reads_neither_supervision_nor_briefs_nor_marks(self):
        for can in (Can.READ_LOG, Can.READ_PLAYER_BRIEF, Can.MARK_ROLE_PLAY, Can.READ_RESULT):
            assert "coordinator" not in EXPECTED[can]

    def test_every_row_is_asked_for_somewhere(self, app):
        files = [*_files(app, "*.html"), *_files(app, "*.py")]
        text = "".join(path.read_text() for path in files if path.name != "policy.py")

        for can in Can:
            assert f"Can.{can.name}" in text, can

    def test_a_silent_page_stops_the_site_from_starting(self, app):
        app.view_functions["scheme.silent"] = lambda: "anything"

        with pytest.raises(SilentRoute, match=r"^scheme\.silent needs"):
            check_every_route(app)


def _files(app, pattern):
    return Path(app.root_path).rglob(pattern)


def _one(session, role):
    user = a_user(session, role)
    session.commit()
    return user


@pytest.mark.row("F84")
class TestEveryPage:
    @pytest.mark.parametrize("role", list(Role))
    def test_opens_for_the_roles_that_the_table_names_and_for_no_other(self, app, session, role):
        user = _one(session, role)
        browser = Browser(app).sign_in(user, role)
        opened = 0

        for rule in pages(app, "GET"):
            if rule.arguments:
                continue
            policy = app.view_functions[rule.endpoint].policy
            status = browser.get(rule.rule).status_code
            if policy == PUBLIC or permits(user, policy, SimpleNamespace(person_id=user.id)):
                assert status in {200, 303, 404}, (rule.rule, status)
                opened += status == 200
            else:
                assert status in {403, 404}, (rule.rule, status)
        assert opened >= 5

    @pytest.mark.parametrize("role", list(Role))
    def test_of_something_that_is_not_there_is_not_there(self, app, session, role):
        browser = Browser(app).sign_in(_one(session, role), role)

        for rule in pages(app, "GET"):
            if rule.arguments:
                assert browser.get(address(rule)).status_code in {403, 404, 410}, rule.rule

    @pytest.mark.parametrize("role", list(Role))
    def test_takes_an_empty_or_a_senseless_form_calmly(self, app, session, role):
        browser = Browser(app).sign_in(_one(session, role), role)
        tried = 0

        for rule in pages(app, "POST"):
            if rule.endpoint in {"accounts.sign_out", "accounts.sign_in"}:
                continue
            for form in ({}, SENSELESS):
                status = browser.post(address(rule), form).status_code
                assert status < 500, rule.rule
                policy = app.view_functions[rule.endpoint].policy
                if not _may(policy, role):
                    assert status in {403, 404}, (rule.rule, status)
                tried += 1
        assert tried > 50

    def test_asks_a_stranger_to_sign_in_unless_it_is_public(self, app):
        for method in ("GET", "POST"):
            for rule in pages(app, method):
                if app.view_functions[rule.endpoint].policy == PUBLIC:
                    continue
                stranger = Browser(app)
                ask = stranger.get if method == "GET" else stranger.post
                reply = ask(address(rule))
                assert reply.status_code == (303 if method == "GET" else 401), rule.rule
                if method == "GET":
                    assert reply.location.startswith("/sign-in?next="), rule.rule

    def test_that_is_public_never_breaks(self, app):
        for rule in pages(app, "GET"):
            if app.view_functions[rule.endpoint].policy == PUBLIC:
                status = Browser(app).get(address(rule)).status_code
                assert status < 500, rule.rule

    @pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
    def test_with_a_number_that_no_row_has_is_not_there(self, app, session, number):
        browser = Browser(app).sign_in(_one(session, Role.COORDINATOR))

        assert browser.get(f"/people/{number}").status_code == 404

    @pytest.mark.parametrize(
        "value", ["x", "-1", "9" * 30, f"a:{'9' * 30}", f"x_{'9' * 30}", "2026-02-30", "'%é"]
    )
    def test_takes_a_senseless_address_calmly(self, app, session, value):
        browser = Browser(app).sign_in(a_user_with_all(session))
        query = dict.fromkeys(
            ("before", "after", "words", "role", "as_at", "sort", "status"), value
        )

        for rule in pages(app, "GET"):
            if not rule.arguments:
                reply = browser.get(rule.rule, query_string=query)
                assert reply.status_code < 500, rule.rule


def a_user_with_all(session):
    user = a_user(session, *Role)
    session.commit()
    return user


def _may(policy, role):
    # What belongs to a thing cannot be told here; there is none, so 404 is right for everybody.
    if policy == PUBLIC:
        return True
    try:
        return permits(Somebody(1, (role,)), policy, None)
    except AttributeError:
        return True


#: The wrong kind of value for every field that forms of the site have.
FIELDS = """
version seen row role do email roles working_name scheme text_size point place answer words note
learner learners assessors role_player case room day-day day-month day-year mark comment overall
criterion proposal vote verdict reason mentor supervisor minutes
"""
SENSELESS = dict.fromkeys(FIELDS.split(), "9" * 30)
