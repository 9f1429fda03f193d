"""The database: one Base, one session per request, and the only place that commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import Flask, current_app, g
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

#: Any constant will do; it only has to be the same in every process of the site.
WRITE_LOCK = 7_310_117
WRITES = "towpath_writes"


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive values: nobody could say later which zone was meant."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return the moment in UTC. Raises ValueError for one without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return the moment as UTC. PostgreSQL gives the session's zone, SQLite gives none."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table shares."""

    #: True where rows are facts: the migration adds triggers that refuse to change or remove them.
    append_only: ClassVar[bool] = False
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        Enum: sa.Enum(
            Enum, native_enum=False, length=40, values_callable=lambda kind: [m.value for m in kind]
        ),
    }


def append_only_tables() -> set[str]:
    """Return the names of the tables whose rows are never changed or removed."""
    mappers = Base.registry.mappers
    return {m.class_.__tablename__ for m in mappers if m.class_.append_only}


class ChangedOutsideTransaction(RuntimeError):
    """Something was changed before a transaction began: a programming fault, never a user's."""


class TransactionInTransaction(RuntimeError):
    """A second transaction would undo what the first has written so far: a programming fault."""


def build_engine(url: str) -> sa.Engine:
    """Return an engine with the durability that "saved" promises (product rule 1)."""
    if url.startswith("sqlite"):
        # Parameters are texts of people: no error may carry them into a log.
        engine = sa.create_engine(url, connect_args={"timeout": 15}, hide_parameters=True)
        event.listen(engine, "connect", _sqlite_connection)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    engine = sa.create_engine(
        url,
        connect_args={"options": "-c timezone=utc -c synchronous_commit=on"},
        hide_parameters=True,
    )
    event.listen(engine, "begin", _postgresql_begin)
    return engine


def _sqlite_connection(connection: Any, _: object) -> None:
    # The driver would otherwise begin by itself, too late, and never before DDL.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: sa.Connection) -> None:
    # A reader that turns into a writer half way can be refused; so writers say so at once.
    writes = connection.get_execution_options().get(WRITES)
    if writes:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # It waits for nothing, so nothing can go wrong; and said to the driver itself it is quick.
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")


def _postgresql_begin(connection: sa.Connection) -> None:
    # One writer at a time, as in SQLite: rules that look at several rows hold, and the
    # audit's chain has one end.
    if connection.get_execution_options().get(WRITES):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")


def engine() -> sa.Engine:
    """Return the engine of the running site."""
    found: sa.Engine = current_app.extensions["engine"]
    return found


def session() -> Session:
    """Return the session of this request or command."""
    if "session" not in g:
        g.session = current_app.extensions["sessionmaker"]()
    found: Session = g.session
    return found


def at_begin(hook: Callable[[Session], None]) -> None:
    """Call ``hook`` at the beginning of every transaction of this site."""
    current_app.extensions["at_begin"].append(hook)


def after_commit(hook: Callable[[], object]) -> None:
    """Call ``hook`` (once, however often it is asked for) when the running transaction is on disk.

    It is not called at all if the transaction is undone.
    """
    hooks = g.setdefault("after_commit", [])
    if hook not in hooks:
        hooks.append(hook)


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit once at the end, or undo everything. What was read before is read afresh inside."""
    work = session()
    if g.get("writing"):
        raise TransactionInTransaction
    if work.new or work.dirty or work.deleted:
        raise ChangedOutsideTransaction
    work.rollback()
    g.after_commit, g.writing = [], True
    try:
        work.connection(execution_options={WRITES: True})
        for hook in current_app.extensions["at_begin"]:
            hook(work)
        yield work
        work.commit()
    finally:
        # After a commit there is nothing left to undo; after a fault of any kind, everything.
        work.rollback()
        g.writing = False
    for hook in g.pop("after_commit"):
        hook()


def _close(_: BaseException | None) -> None:
    if "session" in g:
        g.pop("session").close()


def init_app(app: Flask) -> None:
    """Give the site its engine and close each session with its request."""
    made = build_engine(app.config["DATABASE_URL"])
    app.extensions["engine"] = made
    app.extensions["sessionmaker"] = sessionmaker(made)
    app.extensions["at_begin"] = []
    app.teardown_appcontext(_close)
