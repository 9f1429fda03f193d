"""The database: moments in UTC, durable writes, one writer at a time, rows that only grow."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app import db
from app.accounts.models import User
from app.accounts.queries import by_email
from app.limits import Attempt
from app.scheme.models import LegalSignOff
from tests.conftest import ABOUT_SQLITE
from tests.factories import LONG_AGO, a_user

LONDON_IN_JUNE = timezone(timedelta(hours=1))


class TestMoments:
    def test_one_without_a_zone_is_refused(self, session):
        session.add(Attempt(kind="test", bucket="x", at=datetime(2026, 6, 1, 12)))  # noqa: DTZ001

        with pytest.raises(sa.exc.StatementError, match="time zone"):
            session.flush()

    def test_one_in_another_zone_comes_back_in_utc(self, session):
        attempt = Attempt(
            kind="test", bucket="x", at=datetime(2026, 6, 1, 12, tzinfo=LONDON_IN_JUNE)
        )
        session.add(attempt)
        session.commit()

        assert attempt.at == datetime(2026, 6, 1, 11, tzinfo=UTC)
        assert attempt.at.tzinfo is UTC


class TestDurability:
    def pragma(self, app, name):
        with app.extensions["engine"].connect() as connection:
            return connection.exec_driver_sql(f"pragma {name}").scalar()

    def test_saved_means_on_disk(self, app):
        with app.extensions["engine"].connect() as connection:
            if connection.dialect.name == "sqlite":
                assert self.pragma(app, "journal_mode") == "wal"
                assert self.pragma(app, "synchronous") == 2
            else:
                assert connection.exec_driver_sql("show synchronous_commit").scalar() == "on"

    @ABOUT_SQLITE
    def test_sqlite_minds_foreign_keys_and_waits_its_turn(self, app):
        assert self.pragma(app, "foreign_keys") == 1
        assert self.pragma(app, "busy_timeout") == 15000

    def test_a_row_that_points_nowhere_is_refused(self, app):
        with app.app_context(), pytest.raises(sa.exc.IntegrityError), db.transaction() as work:
            work.execute(sa.insert(LegalSignOff).values(_sign_off(signed_by_id=999_999)))

    def test_errors_do_not_carry_what_was_written(self, app, session):
        a_user(session, email="secret.person@example.org")
        session.commit()

        with (
            app.app_context(),
            pytest.raises(sa.exc.IntegrityError) as error,
            db.transaction() as work,
        ):
            a_user(work, email="secret.person@example.org", working_name="Secret name")
        assert "Secret name" not in str(error.value)


def _sign_off(**given):
    values = {}
    for column in LegalSignOff.__table__.columns:
        if column.primary_key:
            continue
        kind = column.type.python_type if not isinstance(column.type, db.UtcDateTime) else datetime
        values[column.name] = {int: 1, str: "x", datetime: LONG_AGO}.get(kind, LONG_AGO)
    return {**values, **given}


class TestWriters:
    def test_one_says_so_when_it_begins(self, app):
        sent = []
        engine = app.extensions["engine"]
        sa.event.listen(engine, "before_cursor_execute", lambda *a: sent.append(a[2]))

        with app.app_context(), db.transaction() as work:
            work.scalar(sa.text("select 1"))

        first = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "pg_advisory_xact_lock"
        assert first in sent[0]

    def test_two_at_once_both_succeed_one_after_the_other(self, app, session):
        user = a_user(session, working_name="")
        session.commit()
        identity, both_ready = user.id, threading.Barrier(2)

        def write(letter):
            with app.app_context():
                db.session().get(User, identity)  # what was read before is read afresh inside
                both_ready.wait()
                for _ in range(10):
                    with db.transaction() as work:
                        person = work.get_one(User, identity)
                        person.working_name += letter

        threads = [threading.Thread(target=write, args=(letter,)) for letter in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        session.expire_all()
        assert sorted(session.get(User, identity).working_name) == list("a" * 10 + "b" * 10)


class TestTransactions:
    def test_a_fault_undoes_everything(self, app, session):
        def fault():
            with db.transaction() as work:
                a_user(work, email="gone@example.org")
                raise KeyError

        with app.app_context(), pytest.raises(KeyError):
            fault()

        assert by_email(session, "gone@example.org") is None

    def test_nothing_may_be_changed_before_one_begins(self, app, session):
        user = a_user(session)
        session.commit()

        with app.app_context():
            db.session().get(User, user.id).working_name = "Changed too early"

            with pytest.raises(db.ChangedOutsideTransaction), db.transaction():
                pass

    def test_one_inside_another_is_refused_and_nothing_is_half_written(self, app, session):
        def nested():
            with db.transaction() as work:
                a_user(work, email="half@example.org")
                with db.transaction():
                    pass

        with app.app_context(), pytest.raises(db.TransactionInTransaction):
            nested()

        assert by_email(session, "half@example.org") is None

    def test_another_may_follow_one_that_was_undone(self, app, session):
        with app.app_context():
            with pytest.raises(KeyError), db.transaction():
                raise KeyError
            with db.transaction() as work:
                a_user(work, email="after@example.org")

        assert by_email(session, "after@example.org")

    def test_what_waits_for_the_commit_runs_once_and_never_after_an_undoing(self, app):
        done = []

        def hook():
            done.append("after")

        def fault():
            with db.transaction():
                db.after_commit(hook)
                raise KeyError

        with app.app_context():
            with pytest.raises(KeyError):
                fault()
            assert done == []
            with db.transaction():
                db.after_commit(hook)
                db.after_commit(hook)
                assert done == []
        assert done == ["after"]


class TestRowsThatOnlyGrow:
    @pytest.mark.parametrize("act", ["update", "delete"])
    def test_the_database_itself_refuses_to_change_or_remove_them(self, app, act):
        engine = app.extensions["engine"]
        tables = sorted(db.append_only_tables())

        assert len(tables) > 10
        for name in tables:
            _fill_one(engine, db.Base.metadata.tables[name])
            change = f"update {name} set id = id" if act == "update" else f"delete from {name}"
            with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="grows"):
                connection.exec_driver_sql(change)


def _fill_one(engine, table):
    # Triggers look at rows, so there must be one; what it says does not matter here.
    plain = sa.create_engine(engine.url)
    with plain.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("set session_replication_role = replica")
        if not connection.scalar(sa.select(sa.func.count()).select_from(table)):
            connection.execute(sa.insert(table).values(_any_row(table)))
        connection.commit()
    plain.dispose()


def _any_row(table):
    return {c.name: _any_value(c) for c in table.columns if not c.nullable or c.primary_key}


def _any_value(column):
    if isinstance(column.type, db.UtcDateTime):
        return LONG_AGO
    if isinstance(column.type, sa.Enum):
        return next(iter(column.type.enum_class))
    if isinstance(column.type, sa.JSON):
        return {}
    if isinstance(column.type, sa.types.TypeDecorator):
        return "x"
    return {int: 1, str: "x", bool: False, bytes: b"x", float: 1.0}.get(
        column.type.python_type, LONG_AGO.date()
    )


class TestTwoPeopleSavingAtOnce:
    def test_each_table_with_a_version_tells_the_second(self, app):
        versioned = [
            mapper for mapper in db.Base.registry.mappers if mapper.version_id_col is not None
        ]
        engine = app.extensions["engine"]

        assert versioned
        for mapper in versioned:
            _fill_one(engine, mapper.local_table)
            any_one = sa.select(mapper.class_).options(sa.orm.lazyload("*"))
            with (
                Session(engine, expire_on_commit=False) as one,
                Session(engine, expire_on_commit=False) as other,
            ):
                first = one.scalars(any_one).first()
                one.commit()
                second = other.scalars(any_one).first()
                self.touch(second, mapper)
                other.commit()
                self.touch(first, mapper)
                with pytest.raises(StaleDataError, match=mapper.local_table.name):
                    one.commit()
                assert other.scalar(sa.select(mapper.version_id_col)) == 2

    def touch(self, row, mapper):
        if mapper.version_id_generator is False:  # its actions count by themselves
            row.version += 1
        for name, column in mapper.columns.items():
            if not (column.primary_key or column.foreign_keys or name == mapper.version_id_col.key):
                sa.orm.attributes.flag_modified(row, name)
                return
