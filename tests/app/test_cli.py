"""The operators' commands: what each prints, and how each says that it cannot."""

import os
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import backup, create_app, db, migrations, sealed
from app.accounts.models import Invitation, User
from app.accounts.roles import Role
from app.audit import AuditEvent
from app.mail import Kind, OutboxMessage
from tests.conftest import a_config
from tests.database_server import program
from tests.factories import LONG_AGO, a_user
from tests.factories_roleplay import a_booking
from tests.test_audit import tamper


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=words)


class TestCheckContent:
    def test_a_case_that_is_booked_must_be_there(self, app, run, session):
        booking = a_booking(session)
        session.commit()
        assert run("check-content").exit_code == 0
        book = app.extensions["manual"]
        left = tuple(case for case in book.cases if case.slug != booking.case)
        app.extensions["manual"] = replace(book, cases=left)

        done = run("check-content")

        assert done.exit_code == 1
        assert f"cases/{booking.case}: missing, but booked for 1 role play" in done.output

    def test_one_that_was_cancelled_needs_none(self, app, run, session):
        booking = a_booking(session, cancelled_at=LONG_AGO)
        session.commit()
        book = app.extensions["manual"]
        left = tuple(case for case in book.cases if case.slug != booking.case)
        app.extensions["manual"] = replace(book, cases=left)

        assert f"cases/{booking.case}: missing" not in run("check-content").output


class TestInvite:
    def test_it_prints_the_link_which_is_also_in_the_outbox(self, run, session):
        done = run("invite", "Sam@Example.org", "coordinator", "assessor")

        link = done.output.strip()
        assert done.exit_code == 0
        assert link.startswith("http://127.0.0.1:8000/invitation/")
        assert link in session.scalar(select(OutboxMessage.body))
        invitation = session.scalar(select(Invitation))
        assert invitation.email == "sam@example.org"
        assert invitation.role_list == (Role.COORDINATOR, Role.ASSESSOR)
        assert session.scalar(select(AuditEvent.action)) == "invitation.sent"

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("no address", "learner"), "This needs an e-mail address"),
            (("a@example.org\nBcc: b@example.org", "learner"), "This needs an e-mail address"),
            (("sam@example.org", "emperor"), "'emperor' is not one of"),
            (("sam@example.org",), "Missing argument"),
        ],
    )
    def test_it_refuses_what_it_cannot_use_in_one_line(self, run, session, words, message):
        done = run("invite", *words)

        assert done.exit_code != 0
        assert message in done.output
        assert session.scalar(select(Invitation)) is None

    def test_it_refuses_somebody_who_is_here(self, run, session):
        user = a_user(session)
        session.commit()

        done = run("invite", user.email, "assessor")

        assert done.exit_code == 1
        assert "has an account already" in done.output


class TestContent:
    @pytest.mark.row("B18")
    def test_what_is_here_has_no_faults(self, run):
        done = run("check-content")

        assert done.exit_code == 0, done.output
        assert "11 units, 117 criteria" in done.output
        assert done.output.rstrip().endswith("no faults")


class TestKeys:
    def test_a_new_key_and_a_new_secret_are_printed(self, run):
        assert Fernet(run("new-key").output.strip())
        assert len(run("new-secret").output.strip()) >= 32
        assert run("new-key").output != run("new-key").output


class TestTheDatabaseCommands:
    def test_up_and_down(self, run, app):
        assert run("db", "upgrade").output == "The database is up to date.\n"
        assert run("db", "downgrade", "base").output == "The database is at base.\n"
        assert not set(sa.inspect(app.extensions["engine"]).get_table_names()) - {"alembic_version"}
        assert run("db", "upgrade").exit_code == 0


def contents(site):
    """Return the rows of every table, as the database holds them."""
    with site.extensions["engine"].connect() as connection:
        return {
            table.name: sorted(
                map(tuple, connection.exec_driver_sql(f"select * from {table.name}")), key=repr
            )
            for table in db.Base.metadata.sorted_tables
        }


class TestBackups:
    @pytest.fixture(autouse=True)
    def programs(self, monkeypatch):
        """Let the server's own pg_dump be found, whichever else there is."""
        beside = program("initdb")
        if beside:
            monkeypatch.setenv("PATH", f"{beside.parent}{os.pathsep}{os.environ['PATH']}")

    @pytest.fixture
    def elsewhere(self, databases):
        """A site with a database in which nothing is yet."""
        with databases.fresh() as url:
            site = create_app(a_config(url))
            yield site
            site.extensions["engine"].dispose()

    def test_a_copy_put_back_elsewhere_holds_everything(self, run, elsewhere, session, tmp_path):
        a_user(session, email="kept@example.org")
        session.add(
            OutboxMessage(
                kind=Kind.NOTICE,
                recipient="a@example.org",
                subject="x",
                body="kept",
                written_at=LONG_AGO,
            )
        )
        session.commit()
        file = tmp_path / "copy.backup"

        made = run("backup", "create", str(file))
        restored = elsewhere.test_cli_runner().invoke(args=["backup", "restore", str(file)])

        assert "The keys (SEALED_KEYS) are not in it" in made.output
        assert file.stat().st_mode & 0o777 == 0o600
        assert restored.output == "Restored. The audit's chain is whole.\n"
        with Session(elsewhere.extensions["engine"]) as work:
            assert work.scalar(select(User.email)) == "kept@example.org"
            assert work.scalar(select(OutboxMessage.body)) == "kept"

    def test_a_copy_holds_every_row_of_every_table_and_is_guarded_as_before(
        self, run, elsewhere, app, session, tmp_path
    ):
        run("demo", "load")
        file, before = tmp_path / "copy.backup", contents(app)

        made = run("backup", "create", str(file))
        a_user(session, email="later@example.org")
        session.commit()
        restored = elsewhere.test_cli_runner().invoke(args=["backup", "restore", str(file)])

        assert made.exit_code == 0, made.output
        assert restored.output == "Restored. The audit's chain is whole.\n"
        assert len(before["audit_events"]) > 100
        assert contents(elsewhere) == before
        engine = elsewhere.extensions["engine"]
        migrations.differences(engine)  # raises when there is one
        with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="grows"):
            connection.exec_driver_sql("delete from audit_events")
        assert elsewhere.test_cli_runner().invoke(args=["invite", "a@b.org", "learner"]).output
        assert elsewhere.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0

    def test_a_copy_that_somebody_had_changed_is_told(self, run, elsewhere, session, tmp_path):
        for number in range(3):
            run("invite", f"p{number}@example.org", "learner")
        tamper(session, "update audit_events set actor_id = about_id, detail = '' where id = 2")
        file = tmp_path / "copy.backup"
        run("backup", "create", str(file))

        restored = elsewhere.test_cli_runner().invoke(args=["backup", "restore", str(file)])

        assert restored.exit_code == 1
        assert "restored, but event 2 of the audit does not follow" in restored.output

    def test_a_copy_is_never_written_over_another_file(self, run, tmp_path):
        file = tmp_path / "precious"
        file.write_text("precious")

        done = run("backup", "create", str(file))

        assert done.exit_code == 1
        assert "File exists" in done.output
        assert file.read_text() == "precious"

    def test_nothing_is_put_over_a_database_that_is_there(self, run, tmp_path):
        file = tmp_path / "copy.backup"
        run("backup", "create", str(file))

        done = run("backup", "restore", str(file))

        assert done.exit_code == 1
        assert "There is a database already" in done.output

    def test_what_is_no_copy_is_refused(self, elsewhere, tmp_path):
        file = tmp_path / "letter.txt"
        file.write_text("Dear operator, " * 200)

        done = elsewhere.test_cli_runner().invoke(args=["backup", "restore", str(file)])

        assert done.exit_code == 1
        assert re.search("is not a database that can be copied|not appear to be", done.output)
        assert not sa.inspect(elsewhere.extensions["engine"]).get_table_names()

    def test_a_program_that_is_missing_is_named(self, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        url = sa.make_url("postgresql://me:hunter2@db.example.org/towpath")

        with pytest.raises(backup.BackupRefused, match="pg_dump is needed"):
            backup._run("pg_dump", "--format=custom", url=url)

    def test_the_password_of_a_server_is_on_no_command_line(self, monkeypatch, tmp_path):
        program = tmp_path / "pg_dump"
        program.write_text('#!/bin/sh\necho "$@" >&2\nexit 1\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        url = sa.make_url("postgresql://me:hunter2@db.example.org/towpath")

        with pytest.raises(backup.BackupRefused) as refusal:
            backup._run("pg_dump", "--format=custom", url=url)
        assert "postgresql://me@db.example.org/towpath" in str(refusal.value)
        assert "hunter2" not in str(refusal.value)


class TestASiteThatCannotStart:
    def test_a_wrong_key_is_said_before_anything_is_shown(self, app, database_url, session):
        session.add(
            OutboxMessage(
                kind=Kind.NOTICE,
                recipient="a@example.org",
                subject="x",
                body="kept",
                written_at=LONG_AGO,
            )
        )
        session.commit()
        other = replace(a_config(database_url), SEALED_KEYS=(Fernet.generate_key().decode(),))
        site = create_app(other)
        try:
            done = site.test_cli_runner().invoke(args=["reseal"])
        finally:
            site.extensions["engine"].dispose()
            sealed.init_app(app)

        assert done.exit_code == 1
        assert "outbox_messages.body" in done.output
