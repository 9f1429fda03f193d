"""The database's history: the scripts make what the models say, and go both ways."""

import shutil

import sqlalchemy as sa

from app import db, migrations
from app.accounts.models import RoleGrant
from app.accounts.roles import Role
from app.learning.models import CheckAttempt, CheckBegun
from app.portfolio.models import Allocation
from tests.conftest import ABOUT_SQLITE
from tests.factories import LONG_AGO, a_user
from tests.factories_portfolio import RECORDED, a_judgement, a_registration, some_evidence
from tests.factories_roleplay import a_booking

OLD_MESSAGE = {
    "recipient": "a@example.org",
    "body": b"x",
    "written_at": LONG_AGO,
    "tries": 0,
    "trouble": "",
}


def tables(engine):
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def triggers(engine):
    asked = {
        "sqlite": "select name from sqlite_master where type = 'trigger'",
        "postgresql": "select tgname from pg_trigger where not tgisinternal",
    }
    with engine.connect() as connection:
        return set(connection.exec_driver_sql(asked[engine.dialect.name]).scalars())


class TestTheScripts:
    def test_upgraded_from_nothing_the_database_is_what_the_models_say(self, app):
        engine = app.extensions["engine"]

        migrations.differences(engine)  # raises when there is one

        assert tables(engine) == set(db.Base.metadata.tables)

    def test_every_table_that_only_grows_is_guarded(self, app):
        wanted = {f"{t}_no_{act}" for t in db.append_only_tables() for act in ("update", "delete")}

        assert triggers(app.extensions["engine"]) == wanted

    def test_they_go_back_to_nothing_and_up_again(self, app):
        engine = app.extensions["engine"]

        migrations.downgrade(engine)

        assert tables(engine) == set()
        assert triggers(engine) == set()
        migrations.upgrade(engine)
        migrations.differences(engine)
        assert tables(engine) == set(db.Base.metadata.tables)

    def test_upgrading_twice_changes_nothing(self, app):
        engine = app.extensions["engine"]

        migrations.upgrade(engine)

        assert tables(engine) == set(db.Base.metadata.tables)

    @ABOUT_SQLITE
    def test_foreign_keys_are_minded_again_afterwards(self, app):
        engine = app.extensions["engine"]

        migrations.upgrade(engine)

        with engine.connect() as connection:
            assert connection.exec_driver_sql("pragma foreign_keys").scalar() == 1

    def test_messages_from_before_get_their_kind_and_no_old_reset_link_stays(self, app):
        engine = app.extensions["engine"]
        migrations.downgrade(engine, "0008")
        old = sa.table("outbox_messages", *(sa.column(name) for name in (*OLD_MESSAGE, "subject")))
        with engine.begin() as connection:
            for subject in ("Your invitation to Towpath", "A new password for Towpath", "Else"):
                connection.execute(sa.insert(old).values(**OLD_MESSAGE, subject=subject))

        migrations.upgrade(engine)

        now = sa.text("select kind, about, body is null from outbox_messages order by id")
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(now)]
        assert rows == [("invitation", "", 0), ("new-password", "", 1), ("notice", "", 0)]

    def test_a_new_one_is_written_from_what_changed(self, app, monkeypatch, tmp_path):
        copy = tmp_path / "migrations"
        shutil.copytree(migrations.HERE, copy)
        monkeypatch.setattr(migrations, "HERE", copy)
        with app.extensions["engine"].begin() as connection:
            connection.exec_driver_sql("alter table users drop column text_size")

        done = app.test_cli_runner().invoke(args=["db", "revision", "0099_text_size"])

        text = (copy / "versions/0099_text_size.py").read_text()
        assert "Written: 0099_text_size.py." in done.output
        assert "sa.Column('text_size', sa.String(length=6)" in text

    def test_a_new_one_needs_a_number(self, app):
        done = app.test_cli_runner().invoke(args=["db", "revision", "what"])

        assert done.exit_code == 1
        assert "like 0009_what" in done.output

    def test_each_is_numbered_and_says_what_becomes_of_rows(self):
        scripts = sorted((migrations.HERE / "versions").glob("0*.py"))

        for number, script in enumerate(scripts, 1):
            text = script.read_text()
            assert script.name.startswith(f"{number:04}_")
            assert "rows" in text.split('"""')[1]
            assert "def downgrade()" in text


class TestChecksAtTheUpgrade:
    #: As it was kept before there was practice.
    OLD = ("person_id", "chapter", "chapter_version", "answers", "right", "total", "passed",
           "safety_missed", "answered_at")  # fmt: skip

    def test_what_was_answered_before_counted_and_uses_up_no_attempt(self, app, session):
        person = a_user(session)
        session.commit()
        engine = app.extensions["engine"]
        migrations.downgrade(engine, "0012")
        migrations.downgrade(engine, "-1")
        values = (person.id, 5, "2026.1-x", {"K5.1": "a"}, 6, 6, True, [], LONG_AGO)
        with engine.begin() as connection:
            table = sa.Table("check_attempts", sa.MetaData(), autoload_with=connection)
            connection.execute(table.insert(), dict(zip(self.OLD, values, strict=True)))

        migrations.upgrade(engine)

        row = session.scalar(sa.select(CheckAttempt))
        assert (row.counted, row.passed, row.begun_id) == (True, True, None)
        assert (row.chapter_title, row.chapter_slug, row.put, row.criteria) == ("", "", [], [])
        assert session.scalar(sa.select(CheckBegun)) is None

    def test_going_back_leaves_no_practice_that_would_count(self, app, session):
        person = a_user(session)
        for counted in (True, False):
            session.add(
                CheckAttempt(
                    person_id=person.id, chapter=5, chapter_version="x", counted=counted,
                    answers={}, right=6, total=6, passed=True, safety_missed=[],
                    answered_at=LONG_AGO,
                )
            )  # fmt: skip
        session.commit()
        engine = app.extensions["engine"]

        migrations.downgrade(engine, "0011")

        with engine.connect() as connection:
            assert connection.exec_driver_sql("select count(*) from check_attempts").scalar() == 1


class TestAllocationsAtTheUpgrade:
    def upgraded(self, app, session):
        """Go back to before there were allocations, and up again, with what the session made."""
        session.commit()
        engine = app.extensions["engine"]
        migrations.downgrade(engine, "0011")
        migrations.downgrade(engine, "-1")
        migrations.upgrade(engine)
        rows = session.scalars(sa.select(Allocation).order_by(Allocation.assessor_id))
        return [(row.assessor_id, row) for row in rows]

    def test_whoever_judged_or_is_booked_keeps_sight_of_the_learner(self, app, session):
        own, other = a_registration(session), a_registration(session)
        judge, second, booked, third = (a_user(session, Role.ASSESSOR) for _ in range(4))
        evidence = some_evidence(session, own, "M1.1.1")
        a_judgement(session, evidence, "M1.1.1", assessor=judge, with_assessor_id=second.id)
        later = RECORDED.replace(day=9)
        a_judgement(session, evidence, "M1.1.1", assessor=judge, recorded_at=later)
        a_booking(session, learners=[own.person], assessors=[booked, judge], booked_at=later)
        a_booking(session, learners=[other.person], assessors=[third, booked], cancelled_at=later)

        found = dict(self.upgraded(app, session))

        assert set(found) == {judge.id, second.id, booked.id}
        assert {row.registration_id for row in found.values()} == {own.id}
        assert found[judge.id].since == RECORDED
        assert found[booked.id].since == later
        for row in found.values():
            assert row.recorded_at > row.since
            assert (row.recorded_by_id, row.ended_at) == (None, None)

    def test_nobody_else_gets_one(self, app, session):
        former = a_user(session, Role.MENTOR)
        former.grants.append(RoleGrant(role=Role.ASSESSOR, granted_at=LONG_AGO, ended_at=RECORDED))
        never_registered = a_user(session)
        own = a_registration(session)
        a_judgement(session, some_evidence(session, own, "M1.1.1"), "M1.1.1", assessor=former)
        a_booking(session, learners=[never_registered])
        a_user(session, Role.ASSESSOR)

        assert self.upgraded(app, session) == []
