"""The audit's chain: every row vouches for the one before it, and every deed has words."""

import ast
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import audit, db
from app.audit import AuditEvent
from app.migrations import append_only
from tests.factories import a_user

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def chain(session):
    """Twenty events about one person."""
    user = a_user(session)
    made = [
        audit.record(
            session,
            "role.granted",
            user,
            now=NOW + timedelta(seconds=n),
            actor_id=user.id,
            number=n,
            words="ü – “quoted”",
        )
        for n in range(20)
    ]
    session.commit()
    return made


def tamper(session, statement):
    """Do what somebody with the database's password could do."""
    append_only.unprotect(session.connection(), "audit_events")
    session.execute(sa.text(statement))
    append_only.protect(session.connection(), "audit_events")
    session.commit()


def verify(app):
    return app.test_cli_runner().invoke(args=["audit", "verify"])


@pytest.mark.row("F84")
class TestTheChain:
    def test_it_begins_at_nothing_and_each_seal_covers_the_one_before(self, chain):
        assert chain[0].previous == audit.GENESIS
        for one, following in pairwise(chain):
            assert following.previous == one.seal
        assert all(event.seal == audit.seal_of(event) for event in chain)

    def test_it_verifies(self, app, chain):
        done = verify(app)

        assert done.exit_code == 0
        assert done.output == "The audit's chain is whole.\n"

    @pytest.mark.parametrize(
        "change",
        [
            "action = 'role.ended'",
            "actor_id = null",
            "about_id = actor_id",
            "subject = 'users:99'",
            "detail = '{}'",
            "recorded_at = '2026-06-02 12:00:00+00:00'",
            "seal = previous",
        ],
    )
    def test_one_changed_row_in_the_middle_is_found(self, app, session, chain, change):
        identity = chain[10].id
        if "recorded_at" in change and session.get_bind().dialect.name == "sqlite":
            change = "recorded_at = '2026-06-02 12:00:00.000000'"

        tamper(session, f"update audit_events set {change} where id = {identity}")

        done = verify(app)
        assert done.exit_code == 1
        assert f"event {identity} does not follow" in done.output

    def test_a_removed_row_in_the_middle_is_found(self, app, session, chain):
        identity, following = chain[10].id, chain[11].id

        tamper(session, f"delete from audit_events where id = {identity}")

        done = verify(app)
        assert done.exit_code == 1
        assert f"event {following} does not follow" in done.output

    def test_a_row_sealed_anew_by_somebody_clever_breaks_the_next_one(self, app, session, chain):
        event, following = chain[10], chain[11].id
        identity = event.id
        session.expunge(event)
        event.action = "role.ended"
        forged = audit.seal_of(event)

        tamper(
            session,
            "update audit_events set action = 'role.ended', "
            f"seal = '{forged}' where id = {identity}",
        )

        assert f"event {following} does not follow" in verify(app).output

    def test_the_zone_of_the_clock_is_no_part_of_the_seal(self, app, session):
        summer = NOW.astimezone(timezone(timedelta(hours=1)))
        audit.record(session, "seals.renewed", "values:0", now=summer, actor_id=None)
        session.commit()

        assert verify(app).exit_code == 0

    def test_an_event_goes_when_its_change_is_undone(self, app, session, chain):
        def fault():
            with db.transaction() as work:
                audit.record(work, "role.granted", "users:1", now=NOW, actor_id=None)
                raise KeyError

        with app.app_context(), pytest.raises(KeyError):
            fault()

        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == 20
        assert verify(app).exit_code == 0


def recorded_actions():
    """Yield (action, place) for every action named where something is recorded in the site."""
    for path in (ROOT / "app").rglob("*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _records(node):
                for word in (n for a in node.args for n in ast.walk(a)):
                    if _is_action(word):
                        yield word.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def _records(call):
    name = ast.unparse(call.func).rpartition(".")[2]
    return name in {"record", "listen"} or "record" in name or "audit" in name


def _is_action(node):
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    thing, dot, verb = node.value.partition(".")
    return bool(dot) and all(w.replace("-", "").isalpha() and w.islower() for w in (thing, verb))


class TestTheWords:
    def test_every_action_that_the_site_records_has_them(self):
        found = dict(recorded_actions())

        assert len(found) > 30
        missing = {action: place for action, place in found.items() if action not in audit.DEEDS}
        assert missing == {}

    def test_none_are_left_of_actions_that_are_gone(self):
        written = "".join(
            p.read_text() for p in (ROOT / "app").rglob("*.py") if p.name != "audit.py"
        )

        for action in audit.DEEDS:
            thing, _, verb = action.partition(".")
            assert action in written or f"{thing}." in written, action
            assert verb

    def test_they_begin_with_a_capital_and_end_without_a_stop(self):
        for words in audit.DEEDS.values():
            assert words[0].isupper()
            assert not words.endswith(".")
